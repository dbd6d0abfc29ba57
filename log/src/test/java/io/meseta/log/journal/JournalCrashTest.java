package io.meseta.log.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.meseta.kernel.Rng;
import io.meseta.log.testing.SimulatedDisk;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * A journal is used until the disk dies at every possible operation; then power is lost, the
 * journal is opened again, and what it holds is compared with what it had promised.
 */
final class JournalCrashTest {
  private static final JournalOptions SMALL = new JournalOptions(1024, 1 << 16);

  /** What a user of the journal knows: records by position - 1, and how many are promised. */
  private static final class Model {
    final List<String> written = new ArrayList<>();
    int acknowledged;
    long snapshotAcknowledged;
  }

  @Test
  @Scenario({"FLT-6", "FLT-7", "C-4", "ST-11"})
  void everyAcknowledgedRecordSurvivesACrashAtEveryOperation() throws IOException {
    long operations = operationsOf(1);
    for (long seed = 1; seed <= 3; seed++) {
      for (long cut = 0; cut < operations; cut++) {
        SimulatedDisk disk = new SimulatedDisk();
        Model model = new Model();
        disk.failAfter(cut);
        useUntilItFails(disk, Rng.seeded(1), model);

        disk.crash(Rng.seeded(seed * 1_000_003 + cut));

        checkRecovered(disk, model, "seed " + seed + " cut " + cut);
      }
    }
  }

  @Test
  @Scenario("FLT-5")
  void crashesDuringRecoveryLoseNothingEither() {
    for (long seed = 1; seed <= 200; seed++) {
      Rng rng = Rng.seeded(seed);
      SimulatedDisk disk = new SimulatedDisk();
      Model model = new Model();
      for (int life = 0; life < 6; life++) {
        disk.failAfter(rng.nextInt(60));
        useUntilItFails(disk, rng, model);
        if (rng.chance(0.8)) {
          disk.crash(rng);
        } else {
          disk.kill();
        }
        if (rng.chance(0.7)) {
          checkRecovered(disk, model, "seed " + seed + " life " + life);
        }
      }
    }
  }

  private static long operationsOf(long seed) throws IOException {
    SimulatedDisk disk = new SimulatedDisk();
    try (SegmentedJournal journal = SegmentedJournal.open(disk, SMALL)) {
      use(journal, Rng.seeded(seed), new Model());
    }
    assertTrue(disk.operations() > 100, "the script must be worth crashing: " + disk.operations());
    return disk.operations();
  }

  private static void useUntilItFails(SimulatedDisk disk, Rng rng, Model model) {
    try (SegmentedJournal journal = SegmentedJournal.open(disk, SMALL)) {
      synchronize(journal, model);
      use(journal, rng, model);
    } catch (SimulatedDisk.DiskFailure e) {
      // as planned
    } catch (IOException e) {
      fail("only the simulated failure may happen", e);
    }
  }

  /** An unacknowledged batch may have survived or not: from now on the journal's word counts. */
  private static void synchronize(SegmentedJournal journal, Model model) {
    int survived = (int) journal.lastPosition();
    assertTrue(survived >= model.acknowledged && survived <= model.written.size());
    model.written.subList(survived, model.written.size()).clear();
    model.acknowledged = survived;
  }

  private static void use(SegmentedJournal journal, Rng rng, Model model) throws IOException {
    for (int i = 0; i < 30; i++) {
      List<byte[]> batch = new ArrayList<>();
      for (int n = 1 + rng.nextInt(3); n > 0; n--) {
        String record = "record " + (model.written.size() + 1) + " ".repeat(rng.nextInt(120));
        model.written.add(record);
        batch.add(record.getBytes(StandardCharsets.UTF_8));
      }
      assertEquals(model.written.size(), journal.append(batch));
      model.acknowledged = model.written.size();
      if (i % 10 == 9) {
        long position = journal.lastPosition() - rng.nextInt(2);
        journal.snapshot(position, state(model, position));
        model.snapshotAcknowledged = position;
        journal.truncate(position);
      }
    }
  }

  private static List<byte[]> state(Model model, long position) {
    return model.written.subList(0, (int) position).stream()
        .map(record -> record.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  private static void checkRecovered(SimulatedDisk disk, Model model, String context) {
    try (SegmentedJournal journal = SegmentedJournal.open(disk, SMALL)) {
      Optional<Journal.Snapshot> snapshot = journal.latestSnapshot();
      long from = snapshot.map(Journal.Snapshot::position).orElse(0L);
      List<String> held = new ArrayList<>();
      snapshot.ifPresent(
          found -> found.state().forEach(r -> held.add(new String(r, StandardCharsets.UTF_8))));
      assertEquals(from, held.size(), context);
      journal.readAfter(
          from,
          (position, record) -> {
            held.add(new String(record, StandardCharsets.UTF_8));
            assertEquals(held.size(), position, context);
          });
      assertTrue(from >= model.snapshotAcknowledged, context + ": the snapshot is lost");
      assertTrue(
          held.size() >= model.acknowledged,
          context + ": " + held.size() + " of " + model.acknowledged + " acknowledged records");
      assertEquals(model.written.subList(0, held.size()), held, context + ": invented records");
      synchronize(journal, model);
    } catch (IOException e) {
      fail(context, e);
    }
  }
}
