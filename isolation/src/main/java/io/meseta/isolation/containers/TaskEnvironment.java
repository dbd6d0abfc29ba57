package io.meseta.isolation.containers;

import io.meseta.schema.v1.Environment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole environment of a task; nothing of the agent's own leaks in (L-2, E-8, X-6).
 *
 * @param variables in order of first appearance
 * @param overridden names that a later source gave another value: worth a warning to the owner
 */
public record TaskEnvironment(Map<String, String> variables, List<String> overridden) {
  /** The {@code PATH} of tasks that set none. */
  public static final String HOST_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  /** Why {@code environment} cannot be given to a process, if it cannot; names the field. */
  public static Optional<String> invalid(Environment environment) {
    for (Environment.Variable variable : environment.getVariablesList()) {
      String field = "'Environment.Variable' '" + variable.getName() + "'";
      switch (variable.getType()) {
        case UNKNOWN -> {
          return Optional.of(field + " has an unknown type");
        }
        case SECRET -> {
          return Optional.of(field + " is a secret and this agent has no secret resolver");
        }
        case VALUE -> {
          if (!variable.hasValue()) {
            return Optional.of(field + " of type VALUE must have a value");
          }
        }
      }
      Optional<String> reason = invalid(variable.getName(), variable.getValue());
      if (reason.isPresent()) {
        return Optional.of(field + " " + reason.get());
      }
    }
    return Optional.empty();
  }

  /**
   * Merges the sources; later ones win: the agent's variables, those of the {@code
   * --executor_environment_variables} flag, the command's.
   *
   * @throws IllegalArgumentException with the reason that {@link #invalid} gives
   */
  public static TaskEnvironment of(
      AgentVariables agent, Map<String, String> flagVariables, Environment command) {
    invalid(command)
        .ifPresent(
            reason -> {
              throw new IllegalArgumentException(reason);
            });
    Map<String, String> variables = new LinkedHashMap<>();
    List<String> overridden = new ArrayList<>();
    agent.toMap().forEach((name, value) -> put(variables, overridden, name, value));
    flagVariables.forEach((name, value) -> put(variables, overridden, name, value));
    command
        .getVariablesList()
        .forEach(variable -> put(variables, overridden, variable.getName(), variable.getValue()));
    variables.putIfAbsent("PATH", HOST_PATH);
    return new TaskEnvironment(Collections.unmodifiableMap(variables), List.copyOf(overridden));
  }

  private static void put(
      Map<String, String> variables, List<String> overridden, String name, String value) {
    Optional<String> reason = invalid(name, value);
    if (reason.isPresent()) {
      throw new IllegalArgumentException("Environment variable '" + name + "' " + reason.get());
    }
    String before = variables.put(name, value);
    if (before != null && !before.equals(value) && !overridden.contains(name)) {
      overridden.add(name);
    }
  }

  private static Optional<String> invalid(String name, String value) {
    if (name.isEmpty()) {
      return Optional.of("must have a name");
    }
    if (name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      return Optional.of("must not have '=' or a NUL character in its name");
    }
    if (value.indexOf('\0') >= 0) {
      return Optional.of("must not have a NUL character in its value");
    }
    return Optional.empty();
  }
}
