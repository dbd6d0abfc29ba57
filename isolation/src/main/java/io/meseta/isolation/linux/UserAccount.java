package io.meseta.isolation.linux;

import java.util.List;

/**
 * A user of the host.
 *
 * @param gid the primary group
 * @param groups all groups, the primary one included
 */
public record UserAccount(String name, int uid, int gid, List<Integer> groups) {
  public UserAccount {
    groups = List.copyOf(groups);
  }
}
