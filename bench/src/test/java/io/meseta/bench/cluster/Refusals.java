package io.meseta.bench.cluster;

import io.meseta.allocator.AllocatorEffect;
import io.meseta.allocator.AllocatorInput;
import io.meseta.resources.Resources;
import java.util.ArrayList;
import java.util.List;

/** What frameworks have refused, for how long: none of it may be offered to them meanwhile. */
final class Refusals {
  private record Refusal(
      String frameworkId, String role, String agentId, Resources resources, long untilNanos) {}

  private final List<Refusal> refusals = new ArrayList<>();

  /** What was said to the allocator; whatever takes a refusal back takes back all of its owner. */
  void heard(AllocatorInput input, long nowNanos) {
    switch (input) {
      case AllocatorInput.RecoverResources recover -> {
        if (recover.refuse().isPresent()) {
          recover
              .resources()
              .allocations()
              .forEach(
                  (role, part) ->
                      refusals.add(
                          new Refusal(
                              recover.frameworkId(),
                              role,
                              recover.agentId(),
                              part.unallocate(),
                              nowNanos + recover.refuse().get().toNanos())));
        }
      }
      case AllocatorInput.DeactivateFramework(String id) -> forgetFramework(id);
      case AllocatorInput.RemoveFramework(String id) -> forgetFramework(id);
      case AllocatorInput.UpdateFramework update -> forgetFramework(update.frameworkId());
      case AllocatorInput.ReviveOffers revive -> forgetFramework(revive.frameworkId());
      case AllocatorInput.RemoveAgent(String id) ->
          refusals.removeIf(refusal -> refusal.agentId().equals(id));
      default -> {
        // No refusal ends by it.
      }
    }
  }

  private void forgetFramework(String id) {
    refusals.removeIf(refusal -> refusal.frameworkId().equals(id));
  }

  /**
   * Something is offered.
   *
   * @throws AssertionError if the framework does not want to hear of it
   */
  void check(AllocatorEffect.Offers offers, long nowNanos) {
    refusals.removeIf(refusal -> refusal.untilNanos() <= nowNanos);
    offers
        .offers()
        .forEach(
            (role, byAgent) ->
                byAgent.forEach(
                    (agentId, resources) ->
                        check(offers.frameworkId(), role, agentId, resources.unallocate())));
  }

  private void check(String frameworkId, String role, String agentId, Resources offered) {
    for (Refusal refusal : refusals) {
      if (refusal.frameworkId().equals(frameworkId)
          && refusal.role().equals(role)
          && refusal.agentId().equals(agentId)
          && refusal.resources().contains(offered)) {
        throw new AssertionError(
            frameworkId + " is offered " + offered + " on " + agentId + ", which it has refused");
      }
    }
  }

  void clear() {
    refusals.clear();
  }
}
