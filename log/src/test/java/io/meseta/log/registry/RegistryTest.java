package io.meseta.log.registry;

import static io.meseta.log.registry.Operation.admit;
import static io.meseta.log.registry.Operation.remove;
import static io.meseta.log.registry.Operation.weight;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.meseta.log.registry.RegistryEffect.Aborted;
import io.meseta.log.registry.RegistryEffect.Append;
import io.meseta.log.registry.RegistryEffect.Cause;
import io.meseta.log.registry.RegistryEffect.Committed;
import io.meseta.log.registry.RegistryEffect.Rejected;
import io.meseta.log.registry.RegistryEffect.Snapshot;
import io.meseta.schema.internal.v1.RegistryOperation;
import io.meseta.testing.Scenario;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RegistryTest {
  private final Registry registry = new Registry(0);
  private final List<RegistryEffect> effects = new ArrayList<>();
  private long nowNanos;
  private long position;

  private List<RegistryEffect> take() {
    List<RegistryEffect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  private void input(RegistryInput input) {
    registry.on(input, nowNanos, effects::add);
  }

  private void recovered() {
    input(new RegistryInput.Recovered(RegistryState.EMPTY, 0, 0));
  }

  private void apply(long opId, RegistryOperation operation) {
    input(new RegistryInput.Apply(opId, operation));
  }

  private void commit(Append append) {
    position += append.operations().size();
    input(new RegistryInput.Committed(append.batchId(), position));
  }

  @Test
  @Scenario({"RegistrarTest.Admit", "REG-6"})
  void anOperationIsAnsweredAndVisibleOnlyWhenItIsDurable() {
    recovered();
    apply(7, admit("a1"));
    assertEquals(List.of(new Append(1, List.of(admit("a1")))), take());
    assertFalse(registry.state().agents().contains("a1"));

    input(new RegistryInput.Committed(1, 1));

    assertEquals(List.of(new Committed(7, true)), take());
    assertTrue(registry.state().agents().contains("a1"));
    assertEquals(1, registry.position());
  }

  @Test
  @Scenario("REG-3")
  void operationsThatArriveDuringAWriteAreOneBatch() {
    recovered();
    apply(1, admit("a1"));
    apply(2, admit("a2"));
    apply(3, remove("a1"));
    apply(4, admit("a2"));
    apply(5, weight("role", 2));
    assertEquals(5, registry.queuedOperations());
    assertEquals(List.of(new Append(1, List.of(admit("a1")))), take());

    input(new RegistryInput.Committed(1, 1));
    assertEquals(
        List.of(
            new Committed(1, true),
            new Append(2, List.of(admit("a2"), remove("a1"), weight("role", 2)))),
        take());

    input(new RegistryInput.Committed(2, 4));
    assertEquals(
        List.of(
            new Committed(2, true),
            new Committed(3, true),
            new Rejected(4, Cause.REFUSED, "agent a2 is already admitted"),
            new Committed(5, true)),
        take());
    assertEquals(0, registry.queuedOperations());
  }

  @Test
  @Scenario("REG-3")
  void whatChangesNothingIsNotWritten() {
    recovered();
    apply(1, weight("role", 2));
    apply(2, weight("role", 2));
    commit((Append) take().getFirst());
    assertEquals(List.of(new Committed(1, true), new Committed(2, false)), take());

    apply(3, weight("role", 2));
    apply(4, remove("nobody"));

    assertEquals(
        List.of(
            new Committed(3, false),
            new Rejected(4, Cause.REFUSED, "agent nobody is not admitted")),
        take());
    assertEquals(Long.MAX_VALUE, registry.wakeUpNanos());
  }

  @Test
  @Scenario({"REG-2", "RegistrarTest.Recover"})
  void operationsDuringRecoveryWait() {
    apply(1, admit("a1"));
    assertEquals(List.of(), take());

    recovered();
    recovered(); // a second time changes nothing

    assertEquals(List.of(new Append(1, List.of(admit("a1")))), take());
  }

  @Test
  @Scenario({"RegistrarTest.Abort", "REG-4", "REG-5"})
  void aFailedWriteEndsTheRegistryForGood() {
    recovered();
    apply(1, admit("a1"));
    apply(2, admit("a2"));
    take();

    input(new RegistryInput.Failed("disk full"));

    assertEquals(
        List.of(
            new Rejected(1, Cause.ABORTED, "disk full"),
            new Rejected(2, Cause.ABORTED, "disk full"),
            new Aborted("disk full")),
        take());
    input(new RegistryInput.Committed(1, 1)); // too late
    input(new RegistryInput.Failed("again"));
    recovered();
    assertEquals(List.of(), take());
    apply(3, admit("a3"));
    assertEquals(List.of(new Rejected(3, Cause.ABORTED, "disk full")), take());
    assertEquals(0, registry.state().agents().size());
  }

  @Test
  @Scenario({"RegistrarTest.StoreTimeout", "REG-4"})
  void aWriteThatIsNotAnsweredInTimeEndsTheRegistry() {
    recovered();
    nowNanos = 5;
    apply(1, admit("a1"));
    take();
    long deadline = nowNanos + Registry.STORE_TIMEOUT.toNanos();
    assertEquals(deadline, registry.wakeUpNanos());

    registry.onTime(deadline - 1, effects::add);
    assertEquals(List.of(), take());
    registry.onTime(deadline, effects::add);

    String reason = "the registry could not be written within 20 s";
    assertEquals(List.of(new Rejected(1, Cause.ABORTED, reason), new Aborted(reason)), take());
  }

  @Test
  @Scenario({"RegistrarTest.FetchTimeout", "REG-1"})
  void aJournalThatCannotBeReadInTimeEndsTheRegistry() {
    apply(1, admit("a1"));

    registry.onTime(registry.wakeUpNanos(), effects::add);

    String reason = "the registry could not be read within 60 s";
    assertEquals(List.of(new Rejected(1, Cause.ABORTED, reason), new Aborted(reason)), take());
    assertEquals(Registry.FETCH_TIMEOUT.toNanos(), 60_000_000_000L);
  }

  @Test
  @Scenario("REG-12")
  void atTheBoundOperationsAreRejectedAsOverload() {
    for (int i = 0; i < Registry.MAX_QUEUED; i++) {
      apply(i, admit("a" + i));
    }
    assertEquals(List.of(), take());

    apply(-1, admit("late"));

    assertEquals(
        List.of(
            new Rejected(
                -1, Cause.OVERLOADED, "10000 operations wait for the registry; try again later")),
        take());
    recovered();
    assertEquals(Registry.MAX_QUEUED, ((Append) take().getFirst()).operations().size());
  }

  @Test
  void batchesAreBoundedInBytesAndOversizedOperationsRefused() {
    UnknownFieldSet padding =
        UnknownFieldSet.newBuilder()
            .addField(
                9_999,
                UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFrom(new byte[3 << 20]))
                    .build())
            .build();
    for (int i = 0; i < 4; i++) {
      apply(i, admit("a" + i).toBuilder().setUnknownFields(padding).build());
    }
    apply(
        9,
        admit("big").toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .mergeFrom(padding)
                    .mergeFrom(padding)
                    .mergeFrom(padding)
                    .build())
            .build());
    assertEquals(Cause.REFUSED, ((Rejected) take().getFirst()).cause());

    recovered();
    Append first = (Append) take().getFirst();
    assertEquals(2, first.operations().size());
    commit(first);
    Append second = (Append) take().getLast();
    assertEquals(2, second.operations().size());
  }

  @Test
  void aSnapshotIsDueAfterManyRecords() {
    recovered();
    int writes = 0;
    List<RegistryEffect> last = List.of();
    while (last.stream().noneMatch(Snapshot.class::isInstance)) {
      apply(writes++, weight("role", writes));
      commit((Append) take().getFirst());
      last = take();
      assertTrue(writes <= Registry.MIN_RECORDS_PER_SNAPSHOT, "no snapshot");
    }

    assertEquals(Registry.MIN_RECORDS_PER_SNAPSHOT, writes);
    assertEquals(
        List.of(new Committed(writes - 1, true), new Snapshot(writes, registry.state())), last);
  }

  @Test
  void aSnapshotWaitsForAsManyRecordsAsThereAreEntries() {
    PersistentMap<io.meseta.schema.internal.v1.RegisteredAgent> agents = PersistentMap.empty();
    for (int i = 0; i < 3_000; i++) {
      agents =
          agents.put(
              "a" + i,
              io.meseta.schema.internal.v1.RegisteredAgent.newBuilder()
                  .setInfo(Operation.agent("a" + i))
                  .build());
    }
    RegistryState large =
        RegistryState.EMPTY.withAgents(agents, PersistentMap.empty(), PersistentMap.empty());

    input(new RegistryInput.Recovered(large, 3_999, 1_000));
    assertEquals(List.of(), take(), "2,999 records for 3,000 entries");

    apply(1, weight("role", 2));
    input(new RegistryInput.Committed(1, 4_002));
    assertEquals(4_002, ((Snapshot) take().getLast()).position());
  }

  @Test
  void answersOfOtherBatchesAreIgnored() {
    recovered();
    apply(1, admit("a1"));
    take();

    input(new RegistryInput.Committed(99, 1));

    assertEquals(List.of(), take());
    assertEquals(1, registry.queuedOperations());
  }
}
