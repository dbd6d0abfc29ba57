package io.meseta.log.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.log.streams.StreamEffect.Accepted;
import io.meseta.log.streams.StreamEffect.Acknowledged;
import io.meseta.log.streams.StreamEffect.Closed;
import io.meseta.log.streams.StreamEffect.Forward;
import io.meseta.log.streams.StreamEffect.Ignored;
import io.meseta.log.streams.StreamEffect.Persist;
import io.meseta.log.streams.StreamEffect.Refused;
import io.meseta.testing.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class UpdateStreamsTest {
  /** An update of a task; the number makes its uuid. */
  record Update(String task, int number, String state) {}

  static final class Traits implements UpdateTraits<String, Update> {
    @Override
    public String key(Update update) {
      return update.task();
    }

    @Override
    public UUID uuid(Update update) {
      return UpdateStreamsTest.uuid(update.number());
    }

    @Override
    public boolean terminal(Update update) {
      return update.state().equals("FINISHED") || update.state().equals("KILLED");
    }
  }

  private static final Update RUNNING = new Update("task", 1, "RUNNING");
  private static final Update HEALTHY = new Update("task", 2, "RUNNING");
  private static final Update FINISHED = new Update("task", 3, "FINISHED");
  private static final Update KILLED = new Update("task", 4, "KILLED");

  private final List<StreamEffect<String, Update>> effects = new ArrayList<>();

  /** What became durable, in order. */
  private final List<StreamRecord<String, Update>> journal = new ArrayList<>();

  private UpdateStreams<String, Update> streams = new UpdateStreams<>(new Traits());
  private long nowNanos = 1_000;

  static UUID uuid(int number) {
    return new UUID(0, number);
  }

  @BeforeEach
  void connected() {
    streams.resume(nowNanos, effects::add);
  }

  private List<StreamEffect<String, Update>> take() {
    List<StreamEffect<String, Update>> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }

  private void accept(Update update) {
    streams.accept(update, true, nowNanos, effects::add);
  }

  private void acknowledge(Update update) {
    streams.acknowledge(update.task(), uuid(update.number()), nowNanos, effects::add);
  }

  /** Lets every record that was asked for become durable; gives the other effects. */
  private List<StreamEffect<String, Update>> settle() {
    List<StreamEffect<String, Update>> others = new ArrayList<>();
    for (List<StreamEffect<String, Update>> some = take(); !some.isEmpty(); some = take()) {
      for (StreamEffect<String, Update> effect : some) {
        if (effect instanceof Persist<String, Update> persist) {
          journal.add(persist.record());
          streams.persisted(persist.requestId(), nowNanos, effects::add);
        } else {
          others.add(effect);
        }
      }
    }
    return others;
  }

  private void pass(Duration time) {
    nowNanos += time.toNanos();
    streams.onTime(nowNanos, effects::add);
  }

  private void restart() {
    streams = new UpdateStreams<>(new Traits());
    effects.clear();
    streams.replay(journal, nowNanos);
  }

  private static Accepted<String, Update> accepted(Update update) {
    return new Accepted<>(update.task(), uuid(update.number()));
  }

  private static Forward<String, Update> forward(Update update, int attempt) {
    return new Forward<>(update.task(), update, attempt);
  }

  private static Acknowledged<String, Update> acknowledged(Update update) {
    return new Acknowledged<>(update.task(), update);
  }

  @Test
  @Scenario({"TaskStatusUpdateManagerTest.CheckpointStatusUpdate", "U-2", "U-4", "D-15"})
  void anUpdateIsDurableBeforeItsSenderHearsAndBeforeItIsSent() {
    accept(RUNNING);
    List<StreamEffect<String, Update>> first = take();
    assertEquals(
        List.of(new Persist<>(1, new StreamRecord.Update<>("task", uuid(1), RUNNING))), first);

    streams.persisted(1, nowNanos, effects::add);
    assertEquals(List.of(accepted(RUNNING), forward(RUNNING, 1)), take());

    acknowledge(RUNNING);
    assertEquals(
        List.of(new Persist<>(2, new StreamRecord.Acknowledgement<>("task", uuid(1)))), take());
    streams.persisted(2, nowNanos, effects::add);
    assertEquals(List.of(acknowledged(RUNNING)), take());
  }

  @Test
  @Scenario({"U-1", "U-3"})
  void onlyTheHeadOfAStreamIsOnItsWay() {
    accept(RUNNING);
    accept(FINISHED);
    accept(new Update("other", 9, "RUNNING"));
    assertEquals(
        List.of(
            accepted(RUNNING),
            forward(RUNNING, 1),
            accepted(FINISHED),
            new Accepted<>("other", uuid(9)),
            forward(new Update("other", 9, "RUNNING"), 1)),
        settle());

    acknowledge(RUNNING);
    assertEquals(List.of(acknowledged(RUNNING), forward(FINISHED, 1)), settle());
  }

  @Test
  @Scenario({"TaskStatusUpdateManagerTest.RetryStatusUpdate", "U-3"})
  void theHeadIsSentAgainAfterTenSecondsDoublingToTenMinutes() {
    accept(RUNNING);
    settle();
    int attempt = 1;
    for (long seconds : new long[] {10, 20, 40, 80, 160, 320, 600, 600, 600}) {
      assertEquals(nowNanos + seconds * 1_000_000_000L, streams.wakeUpNanos());
      pass(Duration.ofSeconds(seconds).minusNanos(1));
      assertEquals(List.of(), take(), "too early");
      pass(Duration.ofNanos(1));
      assertEquals(List.of(forward(RUNNING, ++attempt)), take());
    }

    accept(FINISHED);
    acknowledge(RUNNING);
    settle();
    pass(Duration.ofSeconds(10));
    assertEquals(List.of(forward(FINISHED, 2)), take(), "a new head begins at ten seconds");

    acknowledge(FINISHED);
    settle();
    assertEquals(Long.MAX_VALUE, streams.wakeUpNanos());
  }

  @Test
  @Scenario({"TaskStatusUpdateManagerTest.IgnoreDuplicateStatusUpdateAck", "U-7"})
  void aSecondAcknowledgementOfAnEarlierUpdateIsIgnored() {
    accept(RUNNING);
    accept(FINISHED);
    settle();
    acknowledge(RUNNING);
    acknowledge(RUNNING); // while the first is on its way to the disk
    assertEquals(
        List.of(
            new Ignored<>("task", uuid(1), "it was acknowledged before"),
            acknowledged(RUNNING),
            forward(FINISHED, 1)),
        settle());

    acknowledge(RUNNING);

    assertEquals(List.of(new Ignored<>("task", uuid(1), "it was acknowledged before")), settle());
    assertEquals(List.of(FINISHED), streams.pending("task"));
  }

  @Test
  @Scenario({"TaskStatusUpdateManagerTest.IgnoreUnexpectedStatusUpdateAck", "U-7"})
  void anAcknowledgementOfSomethingElseIsIgnored() {
    accept(RUNNING);
    accept(FINISHED);
    settle();

    acknowledge(FINISHED); // accepted but not sent yet
    acknowledge(new Update("task", 77, "?"));
    acknowledge(new Update("nobody", 1, "?"));

    List<StreamEffect<String, Update>> answers = settle();
    assertEquals(3, answers.size());
    answers.forEach(answer -> assertInstanceOf(Ignored.class, answer));
    assertEquals(List.of(RUNNING, FINISHED), streams.pending("task"));
  }

  @Test
  void anUpdateThatIsNotDurableCannotBeAcknowledged() {
    accept(RUNNING);
    acknowledge(RUNNING);

    assertInstanceOf(Ignored.class, effects.getLast());
  }

  @Test
  @Scenario({
    "TaskStatusUpdateManagerTest.DuplicateTerminalUpdateBeforeAck",
    "SlaveTest.DuplicateTerminalUpdateBeforeAck",
    "U-6"
  })
  void aSecondTerminalUpdateIsAcceptedButNotSent() {
    accept(FINISHED);
    settle();

    accept(KILLED);

    assertEquals(List.of(accepted(KILLED)), settle());
    acknowledge(FINISHED);
    assertEquals(List.of(acknowledged(FINISHED), new Closed<>("task")), settle());
  }

  @Test
  @Scenario("TaskStatusUpdateManagerTest.DuplicateTerminalUpdateAfterAck")
  void aNewTerminalUpdateAfterTheAcknowledgementOfAnotherIsSent() {
    accept(FINISHED);
    settle();
    acknowledge(FINISHED);
    settle();

    accept(KILLED);

    assertEquals(List.of(accepted(KILLED), forward(KILLED, 1)), settle());
  }

  @Test
  @Scenario({"TaskStatusUpdateManagerTest.DuplicateUpdateBeforeAck", "U-5"})
  void aKnownUpdateIsAcceptedAgainButNotSent() {
    accept(RUNNING);
    accept(RUNNING); // before it is durable: one answer for both
    assertEquals(List.of(accepted(RUNNING), forward(RUNNING, 1)), settle());

    accept(RUNNING);
    assertEquals(List.of(accepted(RUNNING)), settle());

    acknowledge(RUNNING);
    settle();
    accept(RUNNING);
    assertEquals(List.of(accepted(RUNNING)), settle());
  }

  @Test
  @Scenario({"U-5", "U-8"})
  void updatesOfAClosedStreamAreStillKnown() {
    accept(RUNNING);
    accept(FINISHED);
    settle();
    acknowledge(RUNNING);
    settle();
    acknowledge(FINISHED);
    assertEquals(List.of(acknowledged(FINISHED), new Closed<>("task")), settle());

    accept(FINISHED);
    accept(RUNNING);

    assertEquals(List.of(accepted(FINISHED), accepted(RUNNING)), settle());
    assertTrue(streams.view("task").isEmpty());
  }

  @Test
  @Scenario("U-9")
  void whilePausedUpdatesAreStoredButNotSent() {
    streams.pause();
    accept(RUNNING);
    assertEquals(List.of(accepted(RUNNING)), settle());
    assertEquals(Long.MAX_VALUE, streams.wakeUpNanos());

    streams.resume(nowNanos, effects::add);
    assertEquals(List.of(forward(RUNNING, 1)), take());

    pass(Duration.ofSeconds(10));
    pass(Duration.ofSeconds(20));
    take();
    streams.pause();
    pass(Duration.ofHours(1));
    assertEquals(List.of(), take());
    streams.resume(nowNanos, effects::add);
    assertEquals(List.of(forward(RUNNING, 1)), take());
    assertEquals(nowNanos + UpdateStreams.FIRST_RETRY.toNanos(), streams.wakeUpNanos());
  }

  @Test
  @Scenario("U-9")
  void aNewReceiverGetsTheHeadsOfItsStreamsAtOnce() {
    accept(RUNNING);
    accept(new Update("other", 9, "RUNNING"));
    settle();
    pass(Duration.ofSeconds(10));
    take();

    streams.resend("task"::equals, nowNanos, effects::add);

    assertEquals(List.of(forward(RUNNING, 1)), take());
    streams.pause();
    streams.resend("task"::equals, nowNanos, effects::add);
    assertEquals(List.of(), take());
  }

  @Test
  @Scenario("U-8")
  void nothingIsSentWhileAnAcknowledgementIsOnItsWayToTheDisk() {
    accept(RUNNING);
    settle();
    acknowledge(RUNNING);

    streams.resume(nowNanos, effects::add);
    pass(Duration.ofHours(1));

    assertEquals(1, take().size(), "only the request to persist");
  }

  @Test
  @Scenario("U-13")
  void streamsThatAreNotCheckpointedLiveInMemory() {
    streams.accept(RUNNING, false, nowNanos, effects::add);
    assertEquals(List.of(accepted(RUNNING), forward(RUNNING, 1)), take());
    streams.acknowledge("task", uuid(1), nowNanos, effects::add);
    assertEquals(List.of(acknowledged(RUNNING)), take());
    assertEquals(List.of(), streams.records());

    accept(FINISHED);

    assertEquals(
        List.of(
            new Refused<>(
                "task", uuid(3), "the stream is not checkpointed but the update is to be")),
        take());
  }

  @Test
  void atTheBoundUpdatesAreRefusedButATerminalOneFindsItsPlace() {
    for (int i = 0; i < UpdateStreams.MAX_PENDING; i++) {
      accept(new Update("task", 1_000 + i, "RUNNING"));
    }
    settle();

    accept(RUNNING);
    accept(KILLED);
    List<StreamEffect<String, Update>> answers = settle();

    assertEquals(
        new Refused<>("task", uuid(1), "1000 updates wait for acknowledgement"),
        answers.getFirst());
    assertEquals(accepted(KILLED), answers.getLast());
    assertEquals(UpdateStreams.MAX_PENDING + 1, streams.view("task").orElseThrow().pending());

    acknowledge(new Update("task", 1_000, "RUNNING"));
    settle();
    acknowledge(new Update("task", 1_001, "RUNNING"));
    settle();
    assertEquals(UpdateStreams.MAX_PENDING - 1, streams.view("task").orElseThrow().pending());
  }

  @Test
  void rememberedUuidsAreBounded() {
    for (int i = 0; i <= UpdateStreams.REMEMBERED_UUIDS; i++) {
      accept(new Update("task", 1_000 + i, "RUNNING"));
      settle();
      acknowledge(new Update("task", 1_000 + i, "RUNNING"));
      settle();
    }

    accept(new Update("task", 1_001, "RUNNING"));
    assertEquals(1, settle().size(), "a duplicate");
    accept(new Update("task", 1_000, "RUNNING"));
    assertEquals(2, settle().size(), "forgotten, so sent once more");
  }

  @Test
  @Scenario({"SlaveRecoveryTest.RecoverTaskStatusUpdateManager", "U-14", "U-9"})
  void afterARestartWhatIsNotAcknowledgedIsSentAgain() {
    accept(RUNNING);
    accept(HEALTHY);
    accept(new Update("done", 8, "FINISHED"));
    settle();
    acknowledge(RUNNING);
    acknowledge(new Update("done", 8, "FINISHED"));
    settle();

    restart();
    assertTrue(streams.paused());
    assertTrue(streams.view("done").isEmpty(), "its terminal update was acknowledged");
    streams.resume(nowNanos, effects::add);
    assertEquals(List.of(forward(HEALTHY, 1)), take());

    accept(RUNNING);
    accept(HEALTHY);
    accept(new Update("done", 8, "FINISHED"));
    assertEquals(
        List.of(accepted(RUNNING), accepted(HEALTHY), accepted(new Update("done", 8, "FINISHED"))),
        settle());
  }

  @Test
  @Scenario("U-14")
  void aSnapshotOfTheRecordsAndTheTailBehindItAreTakenOnce() {
    accept(RUNNING);
    accept(HEALTHY);
    settle();
    acknowledge(RUNNING);
    settle();
    accept(FINISHED); // not durable yet when the snapshot is taken
    List<StreamRecord<String, Update>> snapshot = streams.records();
    int tail = journal.size();
    settle();
    acknowledge(HEALTHY);
    settle();

    List<StreamRecord<String, Update>> compacted = new ArrayList<>(snapshot);
    compacted.addAll(journal.subList(tail, journal.size()));
    journal.clear();
    journal.addAll(compacted);
    restart();

    assertEquals(List.of(FINISHED), streams.pending("task"));
    streams.resume(nowNanos, effects::add);
    take();
    accept(RUNNING);
    accept(HEALTHY);
    assertEquals(List.of(accepted(RUNNING), accepted(HEALTHY)), settle());
  }

  @Test
  @Scenario({"U-5", "U-14"})
  void whatWasAcknowledgedBeforeASnapshotIsStillKnownAfterIt() {
    accept(RUNNING);
    accept(HEALTHY);
    settle();
    acknowledge(RUNNING);
    settle();
    List<StreamRecord<String, Update>> snapshot = streams.records();
    journal.clear();
    journal.addAll(snapshot);
    restart();

    accept(RUNNING);

    assertEquals(List.of(accepted(RUNNING)), settle());
    assertEquals(List.of(HEALTHY), streams.pending("task"));
  }

  @Test
  @Scenario("U-14")
  void aClosedStreamIsForgottenWithItsTimersAndRequests() {
    accept(RUNNING);
    settle();
    accept(HEALTHY);

    assertTrue(streams.close("task"));
    assertFalse(streams.close("task"));

    assertEquals(List.of(), settle());
    assertEquals(Long.MAX_VALUE, streams.wakeUpNanos());
    assertEquals(List.of(), streams.views());
  }

  @Test
  void viewsTellHowAStreamIsDoing() {
    long acceptedAt = nowNanos;
    accept(RUNNING);
    settle();
    pass(Duration.ofSeconds(10));
    accept(FINISHED);
    settle();

    assertEquals(List.of(new StreamView<>("task", true, true, 2, 2, acceptedAt)), streams.views());
  }
}
