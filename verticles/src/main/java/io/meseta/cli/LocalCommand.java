package io.meseta.cli;

import io.meseta.agent.AgentFlags;
import io.meseta.agent.AgentOptions;
import io.meseta.agent.AgentStartException;
import io.meseta.kernel.Flag;
import io.meseta.kernel.FlagTypes;
import io.meseta.local.LocalNode;
import io.meseta.local.LocalOptions;
import io.meseta.log.journal.DirectoryInUseException;
import io.meseta.master.MasterFlags;
import io.meseta.master.MasterSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** {@code meseta local}: a whole cluster in one JVM. */
final class LocalCommand implements Command {
  private static final Flag<String> IP =
      Flag.of(
          "ip", FlagTypes.STRING, "127.0.0.1", "The address to listen on and to be reached at.");
  private static final Flag<Integer> PORT =
      Flag.of(
          "port",
          FlagTypes.integer(0, 65_535),
          "5050",
          "The master's HTTP port; agents follow on the next ones. 0 for any free ports.");
  private static final Flag<Integer> AGENTS =
      Flag.of("agents", FlagTypes.integer(1, 1000), "1", "How many agents to run.");
  private static final Flag<Path> WORK_DIR =
      Flag.optional(
          "work_dir",
          FlagTypes.PATH,
          "Where all state goes. Default: a fresh directory below the user's cache directory, removed at the end.");
  private static final Flag<Boolean> KEEP =
      Flag.of("keep", FlagTypes.BOOLEAN, "false", "Keeps the fresh directory after the end.");
  private static final Flag<Boolean> DEMO =
      Flag.of(
          "demo",
          FlagTypes.BOOLEAN,
          "false",
          "Runs a small framework and shows what its tasks do.");
  private static final Flag<Boolean> EXIT =
      Flag.of("exit", FlagTypes.BOOLEAN, "false", "Stops after the demo, with its exit code.");

  /** What all agents of the cluster have in common. */
  private static final List<Flag<?>> AGENT_FLAGS =
      List.of(
          AgentFlags.RESOURCES,
          AgentFlags.DEFAULT_ROLE,
          AgentFlags.ATTRIBUTES,
          AgentFlags.EXECUTOR_SHUTDOWN_GRACE_PERIOD,
          AgentFlags.EXECUTOR_ENVIRONMENT_VARIABLES,
          AgentFlags.SWITCH_USER);

  @Override
  public String name() {
    return "local";
  }

  @Override
  public String summary() {
    return "Runs a whole cluster on this machine: master, allocator, log and agents in one process.";
  }

  @Override
  public List<Flag<?>> flags() {
    List<Flag<?>> flags =
        new ArrayList<>(List.of(IP, PORT, AGENTS, WORK_DIR, KEEP, DEMO, EXIT, ConfigFile.FLAG));
    flags.addAll(MasterFlags.ALL);
    flags.addAll(AGENT_FLAGS);
    flags.addAll(LogSetup.FLAGS);
    return List.copyOf(flags);
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    FlagValues flags = invocation.flags();
    if (flags.get(EXIT) && !flags.get(DEMO)) {
      throw new UsageException("--exit: goes with --demo");
    }
    if (flags.get(DEMO) && !flags.isChosen(LogSetup.LEVEL)) {
      LogSetup.setLevel("WARNING"); // the demo's own lines should be easy to follow
    }
    WorkDirectory work = WorkDirectory.open(flags.find(WORK_DIR), flags.get(KEEP));
    LocalNode node;
    try {
      node = start(options(flags, work.path()), flags);
    } catch (RuntimeException e) {
      work.close();
      throw e;
    }
    ShutDown end = new ShutDown(node, work);
    Runtime.getRuntime().addShutdownHook(new Thread(end::run, "shut-down"));
    String url = flags.get(IP) + ":" + node.port();
    invocation.err().println("READY role=local url=http://" + url + " id=" + node.masterId());
    int code = ExitCode.DONE;
    if (flags.get(DEMO)) {
      code = new Demo(url, invocation.out()).run();
      invocation
          .out()
          .println(
              "demo: sandboxes are in "
                  + work.path()
                  + (work.temporary() ? " until this ends (--keep keeps them)" : ""));
      if (!flags.get(EXIT)) {
        invocation
            .out()
            .println(
                "demo: try: bin/meseta execute --master="
                    + url
                    + " --name=try --command='echo works' --follow");
      }
    }
    if (!flags.get(EXIT)) {
      String reason = node.failure().toCompletionStage().toCompletableFuture().get();
      invocation.err().println("meseta local: " + reason);
      code = ExitCode.LOST_LEADERSHIP;
    }
    end.run();
    return code;
  }

  private static LocalOptions options(FlagValues flags, Path work) {
    String ip = flags.get(IP);
    int port = flags.get(PORT);
    int count = flags.get(AGENTS);
    if (port != 0 && port + count > 65_535) {
      throw new UsageException(
          "--port: no room for the ports of " + count + " agents above " + port);
    }
    Map<String, String> common = new HashMap<>();
    AGENT_FLAGS.forEach(
        flag ->
            Optional.ofNullable(flags.texts().get(flag.name()))
                .ifPresent(t -> common.put(flag.name(), t)));
    List<AgentOptions> agents = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Map<String, String> texts = new HashMap<>(common);
        texts.put("ip", ip);
        texts.put("port", String.valueOf(port == 0 ? 0 : port + 1 + i));
        // Nobody else registers at the same time.
        texts.put("registration_backoff_factor", "10ms");
        texts.put("hostname", flags.find(MasterFlags.HOSTNAME).orElse(ip));
        texts.put("work_dir", work.resolve("agent-" + (i + 1)).toString());
        texts.put("runtime_dir", work.resolve("agent-" + (i + 1) + "-runtime").toString());
        agents.add(AgentOptions.of(texts));
      }
      return LocalOptions.of(
          work.resolve("master"),
          ip,
          port,
          MasterSettings.from(
              new MasterSettings.Values() {
                @Override
                public <T> Optional<T> find(Flag<T> flag) {
                  return flags.find(flag);
                }
              }),
          agents);
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }

  private static LocalNode start(LocalOptions options, FlagValues flags) {
    try {
      return LocalNode.start(options).toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      throw switch (cause) {
        case IllegalArgumentException bad -> new UsageException(bad.getMessage());
        case java.net.BindException busy ->
            new EnvironmentException(
                "--port: cannot listen on "
                    + flags.get(IP)
                    + ":"
                    + flags.get(PORT)
                    + " or one of the next ports: "
                    + busy.getMessage(),
                busy);
        case DirectoryInUseException used ->
            new EnvironmentException("--work_dir: " + used.getMessage(), used);
        case AgentStartException agent ->
            new EnvironmentException(String.valueOf(agent.getMessage()), agent);
        case IOException io -> new EnvironmentException("--work_dir: " + io.getMessage(), io);
        case RuntimeException bug -> bug;
        default -> new IllegalStateException(cause);
      };
    }
  }

  /** Ends the cluster once, whoever asks first: the command or a signal. */
  private static final class ShutDown {
    private final LocalNode node;
    private final WorkDirectory work;
    private boolean done;

    ShutDown(LocalNode node, WorkDirectory work) {
      this.node = node;
      this.work = work;
    }

    synchronized void run() {
      if (done) {
        return;
      }
      done = true;
      try {
        node.stop().toCompletionStage().toCompletableFuture().get(5, TimeUnit.SECONDS);
      } catch (Exception e) {
        org.slf4j.LoggerFactory.getLogger(LocalCommand.class)
            .atWarn()
            .addKeyValue("reason", String.valueOf(e.getMessage()))
            .log("the cluster did not stop in order");
      }
      work.close();
      LogSetup.flush();
    }
  }
}
