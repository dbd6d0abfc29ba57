package io.meseta.agent.core;

import io.meseta.kernel.Effects;
import io.meseta.kernel.LogLine;

/** One call into the core: when it is, and where its effects go. */
record Turn(long nowNanos, Effects<? super AgentEffect> effects) {
  void emit(AgentEffect effect) {
    effects.emit(effect);
  }

  void info(String message, Object... fields) {
    emit(new AgentEffect.Log(LogLine.info(message, fields)));
  }

  void warn(String message, Object... fields) {
    emit(new AgentEffect.Log(LogLine.warn(message, fields)));
  }

  void debug(String message, Object... fields) {
    emit(new AgentEffect.Log(LogLine.debug(message, fields)));
  }
}
