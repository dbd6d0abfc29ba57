package io.meseta.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.meseta.agent.core.AgentState;
import io.meseta.log.journal.DirectoryInUseException;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.AgentRecord;
import io.meseta.schema.internal.v1.FrameworkRecord;
import io.meseta.schema.internal.v1.FrameworkRemoved;
import io.meseta.schema.v1.AgentID;
import io.meseta.schema.v1.FrameworkID;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.testing.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent's journal on a real disk; this thread is its owner. */
class AgentJournalTest {
  @TempDir Path directory;

  private final BlockingQueue<Runnable> callbacks = new LinkedBlockingQueue<>();
  private final List<Long> durable = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  @Test
  @Scenario("D-15")
  void recordsAreThereAfterARestartInTheirOrder() throws Exception {
    AgentJournal journal = open();
    journal.append(1, agent());
    journal.append(2, framework("fw-1"));
    journal.flush();
    journal.append(3, framework("fw-2"));
    journal.append(4, removed("fw-1"));
    journal.flush();
    awaitDurable(4);
    assertEquals(List.of(1L, 2L, 3L, 4L), durable);
    journal.close();

    assertEquals(List.of(agent(), framework("fw-2")), records());
  }

  @Test
  @Scenario("D-15")
  void whatIsOverIsForgottenNowAndThen() throws Exception {
    AgentJournal journal = open();
    journal.append(1, agent());
    long number = 1;
    int rounds = AgentJournal.RECORDS_PER_SNAPSHOT;
    for (int i = 0; i < rounds; i++) {
      journal.append(++number, framework("fw-" + i));
      journal.append(++number, removed("fw-" + i));
    }
    journal.append(++number, framework("last"));
    journal.flush();
    awaitDurable(number);
    journal.close();

    assertEquals(LongStream.rangeClosed(1, number).boxed().toList(), durable);
    assertEquals(List.of(), failures);
    assertEquals(List.of(agent(), framework("last")), records());
    try (Stream<Path> files = Files.list(directory)) {
      assertTrue(files.anyMatch(file -> file.toString().contains("snapshot")), "compacted");
    }
  }

  @Test
  @Scenario("C-19")
  void aDirectoryThatIsInUseIsRefused() throws Exception {
    AgentJournal journal = open();
    assertThrows(DirectoryInUseException.class, () -> AgentJournal.open(directory));
    journal.close();
  }

  @Test
  @Scenario("D-21")
  void aRecordOfANewerVersionIsRefused() throws Exception {
    AgentJournal journal = open();
    journal.append(1, AgentJournalRecord.getDefaultInstance());
    journal.flush();
    callbacks.poll(10, TimeUnit.SECONDS);
    journal.close();
    IOException failure = assertThrows(IOException.class, () -> AgentJournal.open(directory));
    assertTrue(failure.getMessage().contains("newer version"), failure.getMessage());
  }

  private AgentJournal open() throws IOException {
    return AgentJournal.open(directory).write(callbacks::add, durable::add, failures::add);
  }

  private void awaitDurable(long last) throws InterruptedException {
    while (durable.isEmpty() || durable.getLast() < last) {
      Runnable callback = callbacks.poll(20, TimeUnit.SECONDS);
      if (callback == null) {
        throw new AssertionError("durable up to " + durable.size() + ", failures " + failures);
      }
      callback.run();
    }
  }

  private List<AgentJournalRecord> records() throws IOException {
    AgentJournal.Opened opened = AgentJournal.open(directory);
    AgentState state = opened.durable();
    opened.journal().close();
    return state.records();
  }

  private static AgentJournalRecord agent() {
    return AgentJournalRecord.newBuilder()
        .setAgent(AgentRecord.newBuilder().setAgentId(AgentID.newBuilder().setValue("a")))
        .build();
  }

  private static AgentJournalRecord framework(String id) {
    return AgentJournalRecord.newBuilder()
        .setFramework(
            FrameworkRecord.newBuilder()
                .setInfo(
                    FrameworkInfo.newBuilder()
                        .setUser("u")
                        .setName("n")
                        .setId(FrameworkID.newBuilder().setValue(id))))
        .build();
  }

  private static AgentJournalRecord removed(String id) {
    return AgentJournalRecord.newBuilder()
        .setFrameworkRemoved(
            FrameworkRemoved.newBuilder().setFrameworkId(FrameworkID.newBuilder().setValue(id)))
        .build();
  }
}
