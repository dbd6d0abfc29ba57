package io.meseta.allocator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which agents the next run looks at, and which it must not. */
final class Candidates {
  private final Set<Agent> some = new LinkedHashSet<>();
  private boolean all;
  private Optional<Set<String>> whitelist = Optional.empty();

  void add(Agent agent) {
    if (!all) {
      some.add(agent);
    }
  }

  void addAll() {
    all = true;
    some.clear();
  }

  void remove(Agent agent) {
    some.remove(agent);
  }

  /** Empty for all hosts. */
  void setWhitelist(Optional<Set<String>> hostnames) {
    whitelist = hostnames.map(Set::copyOf);
  }

  boolean isEmpty() {
    return !all && some.isEmpty();
  }

  /** The candidates that somebody may want something of; there are none afterwards. */
  List<Agent> take(Books books) {
    List<Agent> taken = new ArrayList<>();
    for (Agent agent : all ? books.agents() : some) {
      if (agent.active
          && !agent.isSettled(books.epoch())
          && whitelist.map(hosts -> hosts.contains(agent.hostname())).orElse(true)) {
        taken.add(agent);
      }
    }
    all = false;
    some.clear();
    return taken;
  }
}
