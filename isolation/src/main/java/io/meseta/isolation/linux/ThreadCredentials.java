package io.meseta.isolation.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Turns the calling thread, and no other, into another user: what it starts afterwards runs as that
 * user (J-6). There is no way back, so the thread must be a platform thread that ends soon.
 *
 * <p>The kernel makes the JVM undumpable at the first switch, and that must stay: a process of the
 * user could otherwise attach to the thread and read the memory of all.
 */
final class ThreadCredentials {
  private ThreadCredentials() {}

  /** Groups first: a thread that is no longer root cannot change them. */
  static void become(UserAccount user) throws NativeException {
    try (Arena arena = Arena.ofConfined()) {
      List<Integer> groups = user.groups();
      MemorySegment ids = arena.allocate(JAVA_INT, Math.max(1, groups.size()));
      for (int i = 0; i < groups.size(); i++) {
        ids.setAtIndex(JAVA_INT, i, groups.get(i));
      }
      Syscall.SETGROUPS.call(groups.size(), ids.address(), 0, 0);
    }
    Syscall.SETRESGID.call(user.gid(), user.gid(), user.gid(), 0);
    Syscall.SETRESUID.call(user.uid(), user.uid(), user.uid(), 0);
  }
}
