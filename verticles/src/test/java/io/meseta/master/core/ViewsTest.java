package io.meseta.master.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.meseta.testing.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@Scenario({"D-7", "D-8"})
class ViewsTest {
  private final Views views = new Views(3);

  @Test
  void aSnapshotStaysAsItWas() {
    views.put(task("a", "1"));
    Views.Snapshot before = views.snapshot();

    views.put(task("a", "2"));
    views.put(task("b", "1"));
    views.remove(View.Kind.TASK, "a");

    assertEquals(List.of(task("a", "1")), all(before));
    assertEquals(List.of(task("b", "1")), all(views.snapshot()));
    assertEquals(1, before.sequence());
    assertEquals(4, views.snapshot().sequence());
    assertEquals(3, before.epoch());
  }

  @Test
  void snapshotsWithoutAChangeBetweenThemAreOne() {
    views.put(task("a", "1"));
    Views.Snapshot first = views.snapshot();
    assertSame(first, views.snapshot());

    views.put(task("a", "2"));

    assertNotSame(first, views.snapshot());
  }

  @Test
  void chunksFillUpAndHolesAreUsedAgain() {
    int count = 2 * ViewTable.CHUNK_SIZE + 1;
    for (int i = 0; i < count; i++) {
      views.put(task("t" + i, "x"));
    }
    assertEquals(3, views.snapshot().chunks(View.Kind.TASK));
    for (int i = 0; i < 10; i++) {
      views.remove(View.Kind.TASK, "t" + i);
      views.put(task("new" + i, "x"));
    }
    assertEquals(3, views.snapshot().chunks(View.Kind.TASK));
    assertEquals(count, views.snapshot().size(View.Kind.TASK));
    assertEquals(count, all(views.snapshot()).size());
  }

  @Test
  void changesSayWhatHappened() {
    Change added = views.put(task("a", "1"));
    Change updated = views.put(task("a", "2"));
    Change removed = views.remove(View.Kind.TASK, "a").orElseThrow();

    assertEquals(
        new Change(3, 1, Change.Kind.ADDED, View.Kind.TASK, "a", Optional.of(task("a", "1"))),
        added);
    assertEquals(Change.Kind.UPDATED, updated.kind());
    assertEquals(
        new Change(3, 3, Change.Kind.REMOVED, View.Kind.TASK, "a", Optional.empty()), removed);
    assertTrue(views.remove(View.Kind.TASK, "a").isEmpty());
  }

  @Test
  void aReaderOfTheFeedGetsWhatItHasNotSeen() {
    ChangeFeed feed = new ChangeFeed(4);
    for (int i = 0; i < 3; i++) {
      feed.append(views.put(task("t" + i, "x")));
    }

    assertEquals(List.of(2L, 3L), sequences(feed.readAfter(1, 10)));
    assertEquals(List.of(1L), sequences(feed.readAfter(0, 1)));
    assertEquals(List.of(), sequences(feed.readAfter(3, 10)));
    assertThrows(IllegalArgumentException.class, () -> feed.readAfter(4, 1));
  }

  @Test
  void aReaderThatIsTooSlowIsToldSo() {
    ChangeFeed feed = new ChangeFeed(4);
    for (int i = 0; i < 6; i++) {
      feed.append(views.put(task("t" + i, "x")));
    }

    assertEquals(new ChangeFeed.Read.Lagged(3), feed.readAfter(1, 10));
    assertEquals(List.of(3L, 4L, 5L, 6L), sequences(feed.readAfter(2, 10)));
  }

  @Test
  void theFeedHasNoGaps() {
    ChangeFeed feed = new ChangeFeed(4);
    views.put(task("a", "1"));
    Change second = views.put(task("a", "2"));

    assertThrows(IllegalStateException.class, () -> feed.append(second));
    assertThrows(IllegalArgumentException.class, () -> new ChangeFeed(0));
  }

  private static List<Long> sequences(ChangeFeed.Read read) {
    return ((ChangeFeed.Read.Batch) read).changes().stream().map(Change::sequence).toList();
  }

  private static View task(String id, String content) {
    return new View(View.Kind.TASK, id, ByteString.copyFromUtf8(content));
  }

  private static List<View> all(Views.Snapshot snapshot) {
    List<View> all = new ArrayList<>();
    snapshot.forEach(View.Kind.TASK, all::add);
    return all;
  }
}
