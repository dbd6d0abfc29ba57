package io.meseta.allocator;

/**
 * One way of giving away what an agent has. A run goes through all candidate agents stage by stage,
 * so that what an earlier stage must give comes before what a later one may give.
 */
interface AllocationStage {
  /** Gives what this stage can give of the agent; all gifts go through {@code run}. */
  void allocate(OpenAgent agent, AllocationRun run);
}
