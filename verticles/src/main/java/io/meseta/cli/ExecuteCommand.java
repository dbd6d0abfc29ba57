package io.meseta.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meseta.client.CallException;
import io.meseta.client.SchedulerClientOptions;
import io.meseta.kernel.Flag;
import io.meseta.kernel.FlagTypes;
import io.meseta.resources.Resources;
import io.meseta.schema.v1.CommandInfo;
import io.meseta.schema.v1.Environment;
import io.meseta.schema.v1.FrameworkInfo;
import io.meseta.schema.v1.TaskID;
import io.meseta.schema.v1.TaskInfo;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * {@code meseta execute}: runs a command on the cluster as a framework and follows it to its end.
 */
final class ExecuteCommand implements Command {
  private static final Flag<String> MASTER =
      Flag.optional(
          "master", FlagTypes.STRING, "HOST:PORT of a master, or several separated by commas.");
  private static final Flag<String> NAME =
      Flag.optional(
          "name",
          FlagTypes.STRING,
          "Name of the task; with several instances -0, -1, … follow it.");
  private static final Flag<String> COMMAND =
      Flag.optional("command", FlagTypes.STRING, "What to run.");
  private static final Flag<Boolean> SHELL =
      Flag.of(
          "shell",
          FlagTypes.BOOLEAN,
          "true",
          "Whether the command is given to a shell; if not, its words are the program and its arguments.");
  private static final Flag<Map<String, String>> ENV =
      Flag.optional(
          "env", environment(), "Environment variables as a JSON object, {\"NAME\": \"value\"}.");
  private static final Flag<Resources> RESOURCES =
      Flag.of(
          "resources",
          new Flag.Type<>("RESOURCES", Resources.class, Resources::parse),
          "cpus:1;mem:128",
          "What each instance needs.");
  private static final Flag<String> ROLE =
      Flag.of("role", FlagTypes.STRING, "*", "The role to subscribe with.");
  private static final Flag<Integer> INSTANCES =
      Flag.of("instances", FlagTypes.integer(1, 100_000), "1", "How many tasks to run.");
  private static final Flag<Boolean> FOLLOW =
      Flag.of(
          "follow",
          FlagTypes.BOOLEAN,
          "false",
          "Shows the tasks' stdout and stderr while they run.");
  private static final Flag<String> USER =
      Flag.optional(
          "user",
          FlagTypes.STRING,
          "The user that the tasks run as; the calling user unless given.");
  private static final Flag<String> PRINCIPAL =
      Flag.optional("principal", FlagTypes.STRING, "Principal for basic authentication.");
  private static final Flag<String> SECRET =
      Flag.optional(
          "secret",
          FlagTypes.STRING,
          "Secret of the principal; give it as file:///path, or by MESETA_SECRET.");
  private static final Flag<Duration> KILL_AFTER =
      Flag.optional("kill_after", FlagTypes.DURATION, "Kill the tasks after this time.");
  private static final Flag<String> CONTENT_TYPE =
      Flag.of(
          "content_type",
          LogSetup.choice("TYPE", List.of("PROTOBUF", "JSON")),
          "protobuf",
          "Encoding of calls and events: protobuf or json.");

  @Override
  public String name() {
    return "execute";
  }

  @Override
  public String summary() {
    return "Runs a command on the cluster and follows it to its end; exit code 1 if a task does not finish well.";
  }

  @Override
  public List<Flag<?>> flags() {
    List<Flag<?>> flags =
        new ArrayList<>(
            List.of(
                MASTER,
                NAME,
                COMMAND,
                SHELL,
                ENV,
                RESOURCES,
                ROLE,
                INSTANCES,
                FOLLOW,
                USER,
                KILL_AFTER,
                PRINCIPAL,
                SECRET,
                CONTENT_TYPE,
                ConfigFile.FLAG));
    flags.addAll(LogSetup.FLAGS);
    return List.copyOf(flags);
  }

  @Override
  public List<Flag<?>> required() {
    return List.of(MASTER, NAME, COMMAND);
  }

  @SuppressWarnings("unchecked")
  private static Flag.Type<Map<String, String>> environment() {
    return new Flag.Type<>(
        "JSON", (Class<Map<String, String>>) (Class<?>) Map.class, ExecuteCommand::readEnvironment);
  }

  private static Map<String, String> readEnvironment(String text) {
    JsonNode root;
    try {
      root =
          new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
    if (!root.isObject()) {
      throw new IllegalArgumentException("must be a JSON object of names and values");
    }
    Map<String, String> variables = new TreeMap<>();
    root.properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isValueNode()) {
                throw new IllegalArgumentException(
                    "value of '" + entry.getKey() + "' is not a text");
              }
              variables.put(entry.getKey(), entry.getValue().asText());
            });
    return variables;
  }

  @Override
  public int run(Invocation invocation) throws Exception {
    FlagValues flags = invocation.flags();
    SchedulerClientOptions options = options(flags);
    List<TaskInfo> tasks = tasks(flags);
    String user = flags.find(USER).orElse(System.getProperty("user.name"));
    Vertx vertx = Vertx.vertx();
    OutputFollower follower =
        new OutputFollower(vertx, invocation.out(), invocation.err(), tasks.size() > 1);
    FrameworkSession session =
        new FrameworkSession(
            vertx,
            options,
            tasks,
            run -> {
              report(invocation.err(), run);
              if (flags.get(FOLLOW)) {
                follower.watch(run);
              }
            });
    Thread interrupted = new Thread(session::close, "interrupted");
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      session.start(
          FrameworkInfo.newBuilder()
              .setUser(user)
              .setName("execute " + flags.get(NAME))
              .addRoles(flags.get(ROLE))
              .addAllCapabilities(Capabilities.MODERN)
              .build());
      boolean successful = session.await(flags.find(KILL_AFTER));
      follower.finish();
      return successful ? ExitCode.DONE : ExitCode.FAILED;
    } catch (ExecutionException e) {
      invocation.err().println("meseta execute: " + refusal(e.getCause()));
      return ExitCode.FAILED;
    } finally {
      session.close();
      try {
        Runtime.getRuntime().removeShutdownHook(interrupted);
      } catch (IllegalStateException e) {
        // The process is ending already and runs the hook itself.
      }
    }
  }

  private static String refusal(Throwable cause) {
    return cause instanceof CallException
        ? "the master refused the call: " + cause.getMessage()
        : String.valueOf(cause.getMessage());
  }

  private static void report(PrintStream err, TaskRun.Run run) {
    run.status()
        .ifPresent(
            status -> {
              StringBuilder line =
                  new StringBuilder(run.id()).append(' ').append(status.getState());
              run.place().ifPresent(offer -> line.append(" agent=").append(offer.getHostname()));
              if (run.isTerminal() && status.hasReason() && !run.isFinished()) {
                line.append(" reason=").append(status.getReason());
              }
              if (status.hasMessage() && !status.getMessage().isEmpty()) {
                line.append(": ").append(status.getMessage());
              }
              err.println(line);
            });
  }

  private static SchedulerClientOptions options(FlagValues flags) {
    SchedulerClientOptions options;
    try {
      options = SchedulerClientOptions.of(List.of(flags.get(MASTER).split(",")));
    } catch (IllegalArgumentException e) {
      throw new UsageException("--master: " + e.getMessage());
    }
    options =
        options.withEncoding(SchedulerClientOptions.Encoding.valueOf(flags.get(CONTENT_TYPE)));
    Optional<String> principal = flags.find(PRINCIPAL);
    if (principal.isPresent()) {
      options =
          options.withCredentials(
              new SchedulerClientOptions.Credentials(
                  principal.get(), flags.find(SECRET).orElse("")));
    }
    return options;
  }

  private static List<TaskInfo> tasks(FlagValues flags) {
    CommandInfo.Builder command = CommandInfo.newBuilder().setShell(flags.get(SHELL));
    if (flags.get(SHELL)) {
      command.setValue(flags.get(COMMAND));
    } else {
      List<String> words = List.of(flags.get(COMMAND).strip().split("\\s+"));
      command.setValue(words.get(0)).addAllArguments(words);
    }
    flags
        .find(ENV)
        .ifPresent(
            variables ->
                variables.forEach(
                    (name, value) ->
                        command
                            .getEnvironmentBuilder()
                            .addVariables(
                                Environment.Variable.newBuilder().setName(name).setValue(value))));
    List<TaskInfo> tasks = new ArrayList<>();
    int instances = flags.get(INSTANCES);
    for (int i = 0; i < instances; i++) {
      String id = instances == 1 ? flags.get(NAME) : flags.get(NAME) + "-" + i;
      tasks.add(
          TaskInfo.newBuilder()
              .setName(id)
              .setTaskId(TaskID.newBuilder().setValue(id))
              .setAgentId(io.meseta.schema.v1.AgentID.newBuilder().setValue(""))
              .setCommand(command)
              .addAllResources(flags.get(RESOURCES).toProto())
              .build());
    }
    return tasks;
  }
}
