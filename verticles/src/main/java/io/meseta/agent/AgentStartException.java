package io.meseta.agent;

/** An agent cannot start; the message is one line for the operator, with what to do about it. */
public final class AgentStartException extends RuntimeException {
  private static final long serialVersionUID = 1;

  AgentStartException(String message, Throwable cause) {
    super(message, cause);
  }

  AgentStartException(String message) {
    super(message);
  }
}
