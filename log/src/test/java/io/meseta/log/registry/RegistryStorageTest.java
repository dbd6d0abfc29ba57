package io.meseta.log.registry;

import static io.meseta.log.registry.Operation.admit;
import static io.meseta.log.registry.Operation.initialize;
import static io.meseta.log.registry.Operation.remove;
import static io.meseta.log.registry.Operation.subscribe;
import static io.meseta.log.registry.Operation.teardown;
import static io.meseta.log.registry.Operation.unreachable;
import static io.meseta.log.registry.Operation.weight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.meseta.kernel.Rng;
import io.meseta.log.journal.JournalOptions;
import io.meseta.log.journal.JournalWriter;
import io.meseta.log.journal.SegmentedJournal;
import io.meseta.log.testing.SimulatedDisk;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.schema.internal.v1.RegistrySnapshot;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RegistryStorageTest {
  private static final JournalOptions OPTIONS = new JournalOptions(1 << 16, 64 << 20);

  private final SimulatedDisk disk = new SimulatedDisk();

  /** One master's life: a core, its journal and the context that both meet on. */
  private final class Master implements AutoCloseable {
    final BlockingQueue<Runnable> context = new LinkedBlockingQueue<>();
    final List<RegistryEffect> answers = new ArrayList<>();
    final Registry registry = new Registry(0);
    final JournalWriter writer;
    final RegistryStorage storage;
    private long nextOpId = 1;

    Master() throws IOException {
      SegmentedJournal journal = SegmentedJournal.open(disk, OPTIONS);
      RegistryInput.Recovered recovered = RegistryStorage.recover(journal);
      writer = new JournalWriter("registry", journal, context::add);
      storage = new RegistryStorage(writer, this::input);
      input(recovered);
    }

    void input(RegistryInput input) {
      registry.on(input, 0, this::effect);
    }

    void effect(RegistryEffect effect) {
      switch (effect) {
        case RegistryEffect.Append append -> storage.append(append);
        case RegistryEffect.Snapshot snapshot -> storage.snapshot(snapshot);
        default -> answers.add(effect);
      }
    }

    void apply(RegistryOperation... operations) throws InterruptedException {
      for (RegistryOperation operation : operations) {
        input(new RegistryInput.Apply(nextOpId++, operation));
      }
      while (registry.queuedOperations() > 0) {
        Runnable callback = context.poll(30, TimeUnit.SECONDS);
        assertTrue(callback != null, "the journal does not answer");
        callback.run();
      }
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }

  private static RegistryState roundTrip(RegistryState state) throws IOException {
    RegistrySnapshot.Builder merged = RegistrySnapshot.newBuilder();
    for (RegistrySnapshot slice : state.slices()) {
      merged.mergeFrom(slice.toByteArray());
    }
    return RegistryState.of(merged.build());
  }

  private static List<RegistrySnapshot> content(RegistryState state) {
    return state.slices();
  }

  @Test
  @Scenario({"RegistrarTest.Recover", "RegistrarTest.Bootstrap", "D-11"})
  void aLaterMasterSeesWhatAnEarlierOneWrote() throws Exception {
    List<RegistrySnapshot> expected;
    try (Master first = new Master()) {
      first.apply(
          initialize("c1"),
          admit("a1"),
          admit("a2"),
          admit("a3"),
          unreachable("a2", 7),
          remove("a3"),
          weight("role", 2.5),
          subscribe("f1"),
          teardown("f1", 8));
      assertEquals(9, first.answers.size());
      expected = content(first.registry.state());
    }

    try (Master second = new Master()) {
      assertEquals("c1", second.registry.state().clusterId());
      assertEquals(expected, content(second.registry.state()));
      second.apply(subscribe("f1"));
      assertInstanceOf(RegistryEffect.Rejected.class, second.answers.getFirst());
      second.apply(admit("a4"));
    }
    try (Master third = new Master()) {
      assertTrue(third.registry.state().agents().contains("a4"));
      assertEquals(10, third.registry.position());
    }
  }

  @Test
  void recoveryIsTheNewestSnapshotAndTheTail() throws Exception {
    int operations = Registry.MIN_RECORDS_PER_SNAPSHOT + 50;
    try (Master first = new Master()) {
      for (int i = 0; i < operations; i++) {
        first.apply(admit("a" + i));
      }
    }
    assertTrue(disk.list().stream().anyMatch(name -> name.endsWith(".snapshot")));

    try (Master second = new Master()) {
      assertEquals(operations, second.registry.state().agents().size());
      assertEquals(operations, second.registry.position());
    }
  }

  @Test
  void snapshotsAreSlicedAndMergeToTheSameState() throws Exception {
    RegistryState state = RegistryState.EMPTY;
    for (int i = 0; i < 1_234; i++) {
      state = ((Outcome.Changed) Operations.apply(state, admit("a" + i))).state();
    }

    assertEquals(4, state.slices().size());
    assertEquals(content(state), content(roundTrip(state)));
  }

  @Test
  @Scenario({"D-21", "UP-3"})
  void fieldsOfANewerVersionSurviveARewrite() throws Exception {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(
                9_999,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFromUtf8("from the future"))
                    .build())
            .build();
    RegistrySnapshot newer =
        RegistrySnapshot.newBuilder().setClusterId("c1").setUnknownFields(unknown).build();

    RegistryState state = roundTrip(RegistryState.of(newer));
    state = ((Outcome.Changed) Operations.apply(state, admit("a1"))).state();
    state = ((Outcome.Changed) Operations.apply(state, Operation.raise(3))).state();

    assertEquals(unknown, roundTrip(state).head().getUnknownFields());
  }

  @Test
  void recordsThatCannotBeUnderstoodAreNamedByPosition() throws Exception {
    try (SegmentedJournal journal = SegmentedJournal.open(disk, OPTIONS)) {
      journal.append(List.of(admit("a1").toByteArray()));
      journal.append(List.of(RegistryOperation.getDefaultInstance().toByteArray()));
      IOException newer = assertThrows(IOException.class, () -> RegistryStorage.recover(journal));
      assertTrue(newer.getMessage().contains("record 2 does not apply"), newer.getMessage());
    }
    SimulatedDisk other = new SimulatedDisk();
    try (SegmentedJournal journal = SegmentedJournal.open(other, OPTIONS)) {
      journal.append(List.of(new byte[] {(byte) 0xFF, 1, 2}));
      IOException garbage = assertThrows(IOException.class, () -> RegistryStorage.recover(journal));
      assertTrue(garbage.getMessage().contains("record 1 cannot be decoded"), garbage.getMessage());
    }
  }

  @Test
  @Scenario({"RegistrarTest.Abort", "REG-4"})
  void aDyingDiskAbortsAndCommittedOperationsSurvive() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      SimulatedDisk dying = disk;
      List<String> admitted = new ArrayList<>();
      try (Master master = new Master()) {
        dying.failAfter(seed * 2);
        for (int i = 0; i < 60; i++) {
          String id = "s" + seed + "-" + i;
          master.answers.clear();
          master.apply(admit(id));
          if (master.answers.getFirst() instanceof RegistryEffect.Committed) {
            admitted.add(id);
          } else {
            assertInstanceOf(RegistryEffect.Aborted.class, master.answers.getLast());
            break;
          }
        }
      }
      dying.crash(Rng.seeded(seed));
      try (Master next = new Master()) {
        for (String id : admitted) {
          assertTrue(next.registry.state().agents().contains(id), id + " is lost");
        }
      }
    }
  }
}
