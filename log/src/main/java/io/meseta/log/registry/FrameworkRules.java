package io.meseta.log.registry;

import io.meseta.schema.internal.v1.DisconnectFramework;
import io.meseta.schema.internal.v1.RegisteredFramework;
import io.meseta.schema.internal.v1.RemoveFramework;
import io.meseta.schema.internal.v1.RemovedFramework;
import io.meseta.schema.v1.FrameworkInfo;
import java.util.Comparator;
import java.util.Optional;

/**
 * Known frameworks with the time of their disconnection, so that a later leader can time them out,
 * and tombstones, so that it refuses them (scheduler-api F-27, F-31).
 */
final class FrameworkRules {
  /** Tombstones that are kept; the oldest one makes room. */
  static final int MAX_REMOVED = 10_000;

  private static final Comparator<RemovedFramework> OLDEST_FIRST =
      Comparator.<RemovedFramework>comparingLong(tombstone -> tombstone.getSince().getNanoseconds())
          .thenComparing(FrameworkRules::id);

  private FrameworkRules() {}

  static Outcome update(RegistryState state, FrameworkInfo framework) {
    String id = framework.getId().getValue();
    if (id.isEmpty()) {
      return Outcome.refused("the framework has no id");
    }
    if (state.removedFrameworks().contains(id)) {
      return Outcome.refused("framework " + id + " was removed");
    }
    RegisteredFramework entry = RegisteredFramework.newBuilder().setInfo(framework).build();
    return state.frameworks().get(id).filter(entry::equals).isPresent()
        ? Outcome.unchanged()
        : Outcome.changed(
            state.withFrameworks(state.frameworks().put(id, entry), state.removedFrameworks()));
  }

  static Outcome disconnect(RegistryState state, DisconnectFramework disconnect) {
    String id = disconnect.getFrameworkId().getValue();
    Optional<RegisteredFramework> known = state.frameworks().get(id);
    if (known.isEmpty()) {
      return unknown(id);
    }
    RegisteredFramework entry =
        known.get().toBuilder().setDisconnectedSince(disconnect.getSince()).build();
    return known.get().equals(entry)
        ? Outcome.unchanged()
        : Outcome.changed(
            state.withFrameworks(state.frameworks().put(id, entry), state.removedFrameworks()));
  }

  static Outcome remove(RegistryState state, RemoveFramework remove) {
    String id = remove.getFrameworkId().getValue();
    if (state.removedFrameworks().contains(id)) {
      return Outcome.unchanged();
    }
    Optional<RegisteredFramework> known = state.frameworks().get(id);
    if (known.isEmpty()) {
      return unknown(id);
    }
    PersistentMap<RemovedFramework> removed =
        state
            .removedFrameworks()
            .put(
                id,
                RemovedFramework.newBuilder()
                    .setInfo(known.get().getInfo())
                    .setSince(remove.getSince())
                    .build());
    return Outcome.changed(state.withFrameworks(state.frameworks().remove(id), bounded(removed)));
  }

  private static PersistentMap<RemovedFramework> bounded(PersistentMap<RemovedFramework> removed) {
    if (removed.size() <= MAX_REMOVED) {
      return removed;
    }
    RemovedFramework oldest = removed.iterator().next();
    for (RemovedFramework candidate : removed) {
      if (OLDEST_FIRST.compare(candidate, oldest) < 0) {
        oldest = candidate;
      }
    }
    return removed.remove(id(oldest));
  }

  private static String id(RemovedFramework framework) {
    return framework.getInfo().getId().getValue();
  }

  private static Outcome unknown(String id) {
    return Outcome.refused("framework " + id + " is not known");
  }
}
