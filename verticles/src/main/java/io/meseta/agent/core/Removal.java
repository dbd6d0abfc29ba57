package io.meseta.agent.core;

import java.util.List;

/** Takes executors and frameworks out of the books when nothing of them is left (U-8, A-3). */
final class Removal {
  private final Books books;

  Removal(Books books) {
    this.books = books;
  }

  /** Removes what is over. */
  void sweep(Turn turn, Framework framework) {
    for (Executor executor : List.copyOf(framework.executors.values())) {
      if (executor.state == Executor.State.TERMINATED && executor.completed) {
        books.remove(executor);
        turn.emit(new AgentEffect.ForgetSandbox(executor.containerId));
        if (framework.checkpoint()) {
          books.ledger.write(turn, Records.sentinel(executor));
        }
      }
    }
    if (framework.idle() && books.framework(framework.id()).orElse(null) == framework) {
      books.remove(framework);
      if (framework.checkpoint()) {
        books.ledger.write(turn, Records.frameworkRemoved(framework.frameworkId()));
      }
      turn.info("Framework removed from the agent", "framework", framework.id());
    }
  }
}
