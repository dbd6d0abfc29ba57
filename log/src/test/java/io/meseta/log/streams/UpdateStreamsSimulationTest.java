package io.meseta.log.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.kernel.Rng;
import io.meseta.log.journal.Journal;
import io.meseta.log.journal.JournalOptions;
import io.meseta.log.journal.SegmentedJournal;
import io.meseta.log.streams.UpdateStreamsTest.Traits;
import io.meseta.log.streams.UpdateStreamsTest.Update;
import io.meseta.log.testing.SimulatedDisk;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Executors, an agent's streams over a real journal on a simulated disk, a network that loses,
 * repeats and reorders, and a receiver that drops known uuids: whatever happens, it has every
 * accepted update exactly once and in order.
 */
final class UpdateStreamsSimulationTest {
  private static final int SEEDS = 300;
  private static final int CHAOS_STEPS = 400;
  private static final int TASKS = 3;
  private static final int UPDATES_PER_TASK = 6;

  @Test
  @Scenario({"U-2", "U-3", "U-5", "U-7", "U-14", "N-1", "N-5"})
  void everyUpdateArrivesInOrderAndIsAcceptedOnce() throws IOException {
    int crashes = 0;
    int repeats = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      World world = new World(seed);
      world.run();
      crashes += world.crashes;
      repeats += world.repeats;
    }
    assertTrue(crashes > SEEDS && repeats > SEEDS, "the world was too kind");
  }

  private static final class World {
    private final String context;
    private final Rng rng;
    private final SimulatedDisk disk = new SimulatedDisk();
    private final JournalOptions options = new JournalOptions(1024, 1 << 20);
    private long nowNanos;

    // The agent.
    private SegmentedJournal journal;
    private UpdateStreams<String, Update> streams = new UpdateStreams<>(new Traits());
    private final Deque<StreamEffect.Persist<String, Update>> toPersist = new ArrayDeque<>();

    // Executors: updates to make, and made but not accepted.
    private final Map<String, Deque<Update>> script = new LinkedHashMap<>();
    private final Map<String, Deque<Update>> unaccepted = new LinkedHashMap<>();

    // The network, and the receiver behind it.
    private final List<Update> updatesOnTheWay = new ArrayList<>();
    private final List<Update> acknowledgementsOnTheWay = new ArrayList<>();
    private final Set<UUID> seen = new HashSet<>();
    private final Map<String, List<Integer>> received = new LinkedHashMap<>();

    private final Set<UUID> durable = new HashSet<>();
    int crashes;
    int repeats;

    World(long seed) throws IOException {
      context = "seed " + seed;
      rng = Rng.seeded(seed);
      journal = SegmentedJournal.open(disk, options);
      int number = 1;
      for (int task = 0; task < TASKS; task++) {
        Deque<Update> updates = new ArrayDeque<>();
        for (int i = 1; i <= UPDATES_PER_TASK; i++) {
          String state = i == UPDATES_PER_TASK ? "FINISHED" : "RUNNING";
          updates.add(new Update("task" + task, number++, state));
        }
        script.put("task" + task, updates);
        unaccepted.put("task" + task, new ArrayDeque<>());
        received.put("task" + task, new ArrayList<>());
      }
    }

    void run() throws IOException {
      for (int step = 0; step < CHAOS_STEPS; step++) {
        chaos();
      }
      restart(); // executors send what may have been lost
      for (int round = 0; !finished(); round++) {
        assertTrue(round < 1_000, context + " does not come to an end: " + received);
        calm();
      }
      int number = 1;
      for (List<Integer> numbers : received.values()) {
        List<Integer> expected = new ArrayList<>();
        for (int i = 0; i < UPDATES_PER_TASK; i++) {
          expected.add(number++);
        }
        assertEquals(expected, numbers, context);
      }
      journal.close();
    }

    private boolean finished() {
      return streams.views().isEmpty()
          && script.values().stream().allMatch(Deque::isEmpty)
          && unaccepted.values().stream().allMatch(Deque::isEmpty);
    }

    private void chaos() throws IOException {
      switch (rng.nextInt(12)) {
        case 0, 1 -> makeUpdate("task" + rng.nextInt(TASKS));
        case 2 -> repeatUpdate("task" + rng.nextInt(TASKS));
        case 3, 4 -> commit(1 + rng.nextInt(4));
        case 5, 6 -> deliverUpdate();
        case 7, 8 -> deliverAcknowledgement();
        case 9 -> passTime();
        case 10 -> {
          if (rng.chance(0.5)) {
            streams.pause();
          } else {
            streams.resume(nowNanos, this::effect);
          }
        }
        default -> {
          if (rng.chance(0.3)) {
            crash();
          } else if (rng.chance(0.3)) {
            snapshot();
          }
        }
      }
    }

    /** No losses and no failures any more. */
    private void calm() throws IOException {
      streams.resume(nowNanos, this::effect);
      script.keySet().forEach(this::makeUpdate);
      commit(toPersist.size());
      while (!updatesOnTheWay.isEmpty()) {
        receive(updatesOnTheWay.removeFirst());
      }
      while (!acknowledgementsOnTheWay.isEmpty()) {
        acknowledge(acknowledgementsOnTheWay.removeFirst());
      }
      commit(toPersist.size());
      passTime();
    }

    private void makeUpdate(String task) {
      Update update = script.get(task).poll();
      if (update != null) {
        unaccepted.get(task).add(update);
        streams.accept(update, true, nowNanos, this::effect);
      }
    }

    /** The executor is not sure and sends its oldest unaccepted update again. */
    private void repeatUpdate(String task) {
      Update update = unaccepted.get(task).peek();
      if (update != null) {
        streams.accept(update, true, nowNanos, this::effect);
      }
    }

    private void effect(StreamEffect<String, Update> effect) {
      switch (effect) {
        case StreamEffect.Persist<String, Update> persist -> toPersist.add(persist);
        case StreamEffect.Accepted<String, Update> accepted -> {
          assertTrue(durable.contains(accepted.uuid()), context + ": accepted but not durable");
          unaccepted.get(accepted.key()).removeIf(u -> uuid(u).equals(accepted.uuid()));
        }
        case StreamEffect.Forward<String, Update> forward -> {
          assertTrue(durable.contains(uuid(forward.update())), context + ": sent, not durable");
          assertEquals(forward.update(), streams.pending(forward.key()).getFirst(), context);
          updatesOnTheWay.add(forward.update());
        }
        case StreamEffect.Refused<String, Update> refused ->
            throw new AssertionError(context + ": " + refused);
        case StreamEffect.Acknowledged<String, Update> acknowledged -> {}
        case StreamEffect.Ignored<String, Update> ignored -> {}
        case StreamEffect.Closed<String, Update> closed -> {}
      }
    }

    private void commit(int records) throws IOException {
      List<StreamEffect.Persist<String, Update>> batch = new ArrayList<>();
      while (batch.size() < records && !toPersist.isEmpty()) {
        batch.add(toPersist.remove());
      }
      if (batch.isEmpty()) {
        return;
      }
      journal.append(batch.stream().map(persist -> encode(persist.record())).toList());
      for (StreamEffect.Persist<String, Update> persist : batch) {
        durable.add(persist.record().uuid());
        streams.persisted(persist.requestId(), nowNanos, this::effect);
      }
    }

    private void deliverUpdate() {
      if (updatesOnTheWay.isEmpty()) {
        return;
      }
      int which = rng.nextInt(updatesOnTheWay.size());
      switch (rng.nextInt(3)) {
        case 0 -> updatesOnTheWay.remove(which);
        case 1 -> receive(updatesOnTheWay.get(which)); // and once more later
        default -> receive(updatesOnTheWay.remove(which));
      }
    }

    private void receive(Update update) {
      if (seen.add(uuid(update))) {
        received.get(update.task()).add(update.number());
      } else {
        repeats++;
      }
      acknowledgementsOnTheWay.add(update);
    }

    private void deliverAcknowledgement() {
      if (acknowledgementsOnTheWay.isEmpty()) {
        return;
      }
      int which = rng.nextInt(acknowledgementsOnTheWay.size());
      switch (rng.nextInt(3)) {
        case 0 -> acknowledgementsOnTheWay.remove(which);
        case 1 -> acknowledge(acknowledgementsOnTheWay.get(which));
        default -> acknowledge(acknowledgementsOnTheWay.remove(which));
      }
    }

    private void acknowledge(Update update) {
      streams.acknowledge(update.task(), uuid(update), nowNanos, this::effect);
    }

    private void passTime() {
      nowNanos += rng.nextLong(UpdateStreams.FIRST_RETRY.toNanos() * 2);
      streams.onTime(nowNanos, this::effect);
    }

    private void snapshot() throws IOException {
      long position = journal.lastPosition();
      if (position > journal.latestSnapshot().map(s -> s.position()).orElse(0L)) {
        journal.snapshot(position, streams.records().stream().map(World::encode).toList());
        journal.truncate(position);
        streams.records().forEach(record -> durable.add(record.uuid()));
      }
    }

    private void crash() throws IOException {
      crashes++;
      if (rng.chance(0.7) && !toPersist.isEmpty()) {
        disk.failAfter(rng.nextInt(2));
        try {
          commit(toPersist.size());
        } catch (SimulatedDisk.DiskFailure e) {
          // the agent dies while it writes
        }
      }
      disk.crash(rng);
      restart();
    }

    private void restart() throws IOException {
      toPersist.clear();
      journal = SegmentedJournal.open(disk, options);
      List<StreamRecord<String, Update>> records = new ArrayList<>();
      Optional<Journal.Snapshot> snapshot = journal.latestSnapshot();
      snapshot.ifPresent(found -> found.state().forEach(bytes -> records.add(decode(bytes))));
      journal.readAfter(
          snapshot.map(Journal.Snapshot::position).orElse(0L),
          (position, bytes) -> records.add(decode(bytes)));
      records.forEach(record -> durable.add(record.uuid()));
      streams = new UpdateStreams<>(new Traits());
      streams.replay(records, nowNanos);
      for (Deque<Update> updates : unaccepted.values()) {
        for (Update update : List.copyOf(updates)) {
          streams.accept(update, true, nowNanos, this::effect);
        }
      }
    }

    private static UUID uuid(Update update) {
      return UpdateStreamsTest.uuid(update.number());
    }

    private static byte[] encode(StreamRecord<String, Update> record) {
      String text =
          switch (record) {
            case StreamRecord.Update<String, Update>(String key, UUID uuid, Update update) ->
                "U " + key + " " + update.number() + " " + update.state();
            case StreamRecord.Acknowledgement<String, Update>(String key, UUID uuid) ->
                "A " + key + " " + uuid.getLeastSignificantBits();
          };
      return text.getBytes(StandardCharsets.UTF_8);
    }

    private static StreamRecord<String, Update> decode(byte[] bytes) {
      String[] words = new String(bytes, StandardCharsets.UTF_8).split(" ", -1);
      int number = Integer.parseInt(words[2]);
      UUID uuid = UpdateStreamsTest.uuid(number);
      return words[0].equals("U")
          ? new StreamRecord.Update<>(words[1], uuid, new Update(words[1], number, words[3]))
          : new StreamRecord.Acknowledgement<>(words[1], uuid);
    }
  }
}
