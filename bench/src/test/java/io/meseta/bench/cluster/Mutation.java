package io.meseta.bench.cluster;

import com.google.protobuf.ByteString;
import io.meseta.agent.core.AgentEffect;
import io.meseta.agent.core.AgentInput;
import io.meseta.agent.core.AgentState;
import io.meseta.allocator.AllocatorEffect;
import io.meseta.allocator.AllocatorInput;
import io.meseta.master.core.MasterEffect;
import io.meseta.master.core.MasterInput;
import io.meseta.schema.internal.v1.AgentJournalRecord;
import io.meseta.schema.internal.v1.MasterToAgent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Mistakes that are planted into a core, each of which the simulation must find. */
enum Mutation {
  /** The cluster as it is. */
  NONE,

  /** The agent takes status updates for durable that are not. */
  AGENT_FORWARDS_BEFORE_DURABLE {
    @Override
    boolean answersBeforeDurable(AgentJournalRecord record) {
      return record.hasUpdate();
    }
  },

  /** The agent sends every update once per session, whether it is acknowledged or not. */
  AGENT_NEVER_SENDS_AGAIN {
    @Override
    Tampered.Hand<AgentInput, AgentEffect> agent() {
      Set<List<Object>> sent = new HashSet<>();
      return new Tampered.Hand<>() {
        @Override
        public void effect(AgentEffect effect, Consumer<AgentEffect> shell) {
          if (!(effect instanceof AgentEffect.ToMaster message)
              || !message.message().hasStatusUpdate()
              || sent.add(
                  List.of(
                      message.session(),
                      message.message().getStatusUpdate().getStatus().getUuid()))) {
            shell.accept(effect);
          }
        }
      };
    }
  },

  /** Any acknowledgement of a task acknowledges whatever was sent last. */
  AGENT_TAKES_ANY_ACKNOWLEDGEMENT {
    @Override
    Tampered.Hand<AgentInput, AgentEffect> agent() {
      Map<String, ByteString> last = new HashMap<>();
      return new Tampered.Hand<>() {
        @Override
        public void input(AgentInput input, Consumer<AgentInput> core) {
          if (input instanceof AgentInput.FromMaster(String session, MasterToAgent message)
              && message.hasStatusUpdateAcknowledgement()) {
            MasterToAgent.Builder any = message.toBuilder();
            any.getStatusUpdateAcknowledgementBuilder()
                .setUuid(
                    last.getOrDefault(
                        message.getStatusUpdateAcknowledgement().getTaskId().getValue(),
                        message.getStatusUpdateAcknowledgement().getUuid()));
            core.accept(new AgentInput.FromMaster(session, any.build()));
          } else {
            core.accept(input);
          }
        }

        @Override
        public void effect(AgentEffect effect, Consumer<AgentEffect> shell) {
          if (effect instanceof AgentEffect.ToMaster message
              && message.message().hasStatusUpdate()) {
            last.put(
                message.message().getStatusUpdate().getStatus().getTaskId().getValue(),
                message.message().getStatusUpdate().getStatus().getUuid());
          }
          shell.accept(effect);
        }
      };
    }
  },

  /** What the journal says of tasks is not read. */
  AGENT_FORGETS_TASKS {
    @Override
    AgentState replayed(AgentState state, List<AgentJournalRecord> records) {
      return AgentState.of(records.stream().filter(record -> !record.hasTask()).toList());
    }
  },

  /** The agent does not carry out what a removed framework leaves behind. */
  AGENT_KEEPS_REMOVED_FRAMEWORKS {
    @Override
    Tampered.Hand<AgentInput, AgentEffect> agent() {
      return new Tampered.Hand<>() {
        @Override
        public void input(AgentInput input, Consumer<AgentInput> core) {
          if (!(input instanceof AgentInput.FromMaster message)
              || !message.message().hasShutdownFramework()) {
            core.accept(input);
          }
        }
      };
    }
  },

  /** The allocator does not hear that tasks have ended. */
  MASTER_KEEPS_RESOURCES_OF_ENDED_TASKS {
    @Override
    Tampered.Hand<MasterInput, MasterEffect> master() {
      return new Tampered.Hand<>() {
        @Override
        public void effect(MasterEffect effect, Consumer<MasterEffect> shell) {
          if (!isReleaseOfUsed(effect)) {
            shell.accept(effect);
          }
        }
      };
    }
  },

  /** The resources of an ended task are given back twice. */
  MASTER_RELEASES_TWICE {
    @Override
    Tampered.Hand<MasterInput, MasterEffect> master() {
      return new Tampered.Hand<>() {
        @Override
        public void effect(MasterEffect effect, Consumer<MasterEffect> shell) {
          shell.accept(effect);
          if (isReleaseOfUsed(effect)) {
            shell.accept(effect);
          }
        }
      };
    }
  },

  /** A launch is sent again when its agent comes back. */
  MASTER_LAUNCHES_AGAIN {
    @Override
    Tampered.Hand<MasterInput, MasterEffect> master() {
      Map<String, MasterToAgent> launches = new HashMap<>();
      return new Tampered.Hand<>() {
        @Override
        public void effect(MasterEffect effect, Consumer<MasterEffect> shell) {
          shell.accept(effect);
          if (effect instanceof MasterEffect.ToAgent(String session, MasterToAgent message)) {
            if (message.hasRunTask()) {
              launches.put(message.getRunTask().getTask().getAgentId().getValue(), message);
            } else if (message.hasReregistered()) {
              MasterToAgent launch =
                  launches.remove(message.getReregistered().getAgentId().getValue());
              if (launch != null) {
                shell.accept(new MasterEffect.ToAgent(session, launch));
              }
            }
          }
        }
      };
    }
  },

  /** An agent that comes back is not asked about tasks that it does not report. */
  MASTER_DOES_NOT_MISS_TASKS {
    @Override
    Tampered.Hand<MasterInput, MasterEffect> master() {
      return new Tampered.Hand<>() {
        @Override
        public void effect(MasterEffect effect, Consumer<MasterEffect> shell) {
          if (effect instanceof MasterEffect.ToAgent(String session, MasterToAgent message)
              && message.hasReregistered()) {
            MasterToAgent.Builder without = message.toBuilder();
            without.getReregisteredBuilder().clearMissingTasks();
            shell.accept(new MasterEffect.ToAgent(session, without.build()));
          } else {
            shell.accept(effect);
          }
        }
      };
    }
  },

  /** The master acknowledges updates itself, before the framework has them. */
  MASTER_ACKNOWLEDGES_FOR_FRAMEWORKS {
    @Override
    Tampered.Hand<MasterInput, MasterEffect> master() {
      List<MasterInput.FromAgent> updates = new ArrayList<>();
      return new Tampered.Hand<>() {
        @Override
        public void input(MasterInput input, Consumer<MasterInput> core) {
          if (input instanceof MasterInput.FromAgent update && update.message().hasStatusUpdate()) {
            updates.add(update);
          }
          core.accept(input);
        }

        @Override
        public void effect(MasterEffect effect, Consumer<MasterEffect> shell) {
          shell.accept(effect);
          List<MasterInput.FromAgent> now = List.copyOf(updates);
          updates.clear();
          for (MasterInput.FromAgent update : now) {
            MasterToAgent.StatusUpdateAcknowledgement.Builder acknowledgement =
                MasterToAgent.StatusUpdateAcknowledgement.newBuilder()
                    .setFrameworkId(update.message().getStatusUpdate().getFrameworkId())
                    .setTaskId(update.message().getStatusUpdate().getStatus().getTaskId())
                    .setUuid(update.message().getStatusUpdate().getStatus().getUuid());
            shell.accept(
                new MasterEffect.ToAgent(
                    update.session(),
                    MasterToAgent.newBuilder()
                        .setStatusUpdateAcknowledgement(acknowledgement)
                        .build()));
          }
        }
      };
    }
  },

  /** Frameworks are not told that an offer is void. */
  MASTER_DOES_NOT_RESCIND {
    @Override
    Tampered.Hand<MasterInput, MasterEffect> master() {
      return new Tampered.Hand<>() {
        @Override
        public void effect(MasterEffect effect, Consumer<MasterEffect> shell) {
          if (!(effect instanceof MasterEffect.Send send) || !send.event().hasRescind()) {
            shell.accept(effect);
          }
        }
      };
    }
  },

  /** Resources that come back are free at once, whatever the framework has refused. */
  ALLOCATOR_FORGETS_REFUSALS {
    @Override
    Tampered.Hand<AllocatorInput, AllocatorEffect> allocator() {
      return new Tampered.Hand<>() {
        @Override
        public void input(AllocatorInput input, Consumer<AllocatorInput> core) {
          core.accept(
              input instanceof AllocatorInput.RecoverResources recover
                  ? new AllocatorInput.RecoverResources(
                      recover.frameworkId(),
                      recover.agentId(),
                      recover.resources(),
                      Optional.empty(),
                      recover.allocated())
                  : input);
        }
      };
    }
  },

  /** The allocator takes an agent that comes back with tasks for free. */
  ALLOCATOR_IGNORES_USE_OF_NEW_AGENTS {
    @Override
    Tampered.Hand<AllocatorInput, AllocatorEffect> allocator() {
      return new Tampered.Hand<>() {
        @Override
        public void input(AllocatorInput input, Consumer<AllocatorInput> core) {
          core.accept(
              input instanceof AllocatorInput.AddAgent add
                  ? new AllocatorInput.AddAgent(
                      add.agentId(), add.info(), add.capabilities(), add.total(), Map.of())
                  : input);
        }
      };
    }
  },

  /** What is offered once is offered twice. */
  ALLOCATOR_OFFERS_TWICE {
    @Override
    Tampered.Hand<AllocatorInput, AllocatorEffect> allocator() {
      return new Tampered.Hand<>() {
        @Override
        public void effect(AllocatorEffect effect, Consumer<AllocatorEffect> shell) {
          shell.accept(effect);
          shell.accept(effect);
        }
      };
    }
  };

  Tampered.Hand<MasterInput, MasterEffect> master() {
    return new Tampered.Hand<>() {};
  }

  Tampered.Hand<AllocatorInput, AllocatorEffect> allocator() {
    return new Tampered.Hand<>() {};
  }

  Tampered.Hand<AgentInput, AgentEffect> agent() {
    return new Tampered.Hand<>() {};
  }

  /** Whether an agent hears that a record is durable before it is. */
  boolean answersBeforeDurable(AgentJournalRecord record) {
    return false;
  }

  /** What an agent is told of its journal. */
  AgentState replayed(AgentState state, List<AgentJournalRecord> records) {
    return state;
  }

  private static boolean isReleaseOfUsed(MasterEffect effect) {
    return effect instanceof MasterEffect.ToAllocator(AllocatorInput.RecoverResources recover)
        && recover.allocated();
  }
}
