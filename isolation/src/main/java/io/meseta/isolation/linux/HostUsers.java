package io.meseta.isolation.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The host's user database, as its name service has it: files, LDAP, … (J-42). Look-ups may block.
 */
public final class HostUsers {
  private static final MethodHandle GETPWNAM_R =
      Native.function(
          "getpwnam_r",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS));
  private static final MethodHandle GETGROUPLIST =
      Native.function(
          "getgrouplist", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle GETEUID =
      Native.function("geteuid", FunctionDescriptor.of(JAVA_INT));

  /** struct passwd on 64-bit Linux: two pointers, then uid and gid, then three pointers. */
  private static final long PASSWD_SIZE = 48;

  private static final long UID_OFFSET = 16;
  private static final long GID_OFFSET = 20;

  private static final int FIRST_BUFFER_BYTES = 4 * 1024;
  private static final int MAX_BUFFER_BYTES = 1024 * 1024;
  private static final int FIRST_GROUPS = 64;

  /** The kernel's own bound (NGROUPS_MAX). */
  private static final int MAX_GROUPS = 65_536;

  private HostUsers() {}

  /** The effective user id of the calling thread. */
  public static int effectiveUid() {
    try {
      return (int) GETEUID.invokeExact();
    } catch (Throwable e) {
      throw Native.bug(e);
    }
  }

  /** The user of that name, if the host knows one. */
  public static Optional<UserAccount> find(String name) {
    if (name.isEmpty() || name.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    for (int size = FIRST_BUFFER_BYTES; size <= MAX_BUFFER_BYTES; size *= 4) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment nativeName = arena.allocateFrom(name);
        MemorySegment passwd = arena.allocate(PASSWD_SIZE, 8);
        MemorySegment result = arena.allocate(ADDRESS);
        int errno =
            (int)
                GETPWNAM_R.invokeExact(
                    nativeName, passwd, arena.allocate(size), (long) size, result);
        if (errno == Errno.ERANGE) {
          continue;
        }
        if (result.get(ADDRESS, 0).address() == 0) {
          return Optional.empty();
        }
        int uid = passwd.get(JAVA_INT, UID_OFFSET);
        int gid = passwd.get(JAVA_INT, GID_OFFSET);
        return Optional.of(new UserAccount(name, uid, gid, groups(arena, nativeName, gid)));
      } catch (Throwable e) {
        throw Native.bug(e);
      }
    }
    return Optional.empty();
  }

  private static List<Integer> groups(Arena arena, MemorySegment name, int gid) throws Throwable {
    MemorySegment count = arena.allocate(JAVA_INT);
    for (int capacity = FIRST_GROUPS; capacity <= MAX_GROUPS; capacity *= 4) {
      MemorySegment ids = arena.allocate(JAVA_INT, capacity);
      count.set(JAVA_INT, 0, capacity);
      int found = (int) GETGROUPLIST.invokeExact(name, gid, ids, count);
      if (found >= 0) {
        List<Integer> groups = new ArrayList<>(found);
        for (int i = 0; i < found; i++) {
          groups.add(ids.getAtIndex(JAVA_INT, i));
        }
        return groups;
      }
    }
    return List.of(gid);
  }
}
