package io.meseta.master.core;

import io.meseta.allocator.AllocatorInput;
import io.meseta.kernel.Effects;
import io.meseta.kernel.LogLine;
import io.meseta.schema.internal.v1.MasterToAgent;
import io.meseta.schema.v1.scheduler.Event;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where everything that the master says goes out, while it handles one input. Counts what is on its
 * way to each framework; what follows from that is decided after the input (see {@link
 * Streams#settle}), so that nobody loses a framework in the middle of something.
 */
final class Outbox {
  private @Nullable Effects<? super MasterEffect> sink;
  private long nowNanos;
  private final Set<String> sentTo = new LinkedHashSet<>();

  /** Begins an input. */
  void open(long now, Effects<? super MasterEffect> effects) {
    nowNanos = now;
    sink = effects;
  }

  /** Ends an input. */
  void close() {
    sink = null;
  }

  long now() {
    return nowNanos;
  }

  void answer(RequestAddress request, int status, String text) {
    emit(new MasterEffect.Answer(request, status, text));
  }

  void accepted(RequestAddress request) {
    answer(request, 202, "");
  }

  /** Sends an event if the framework has a stream; it is lost otherwise (E-15). */
  void send(FrameworkBook framework, Event event) {
    framework.stream()
        .ifPresent(
            stream -> {
              stream.budget().sent(event.getSerializedSize(), nowNanos);
              sentTo.add(framework.id());
              emit(new MasterEffect.Send(stream.address(), event));
            });
  }

  /** The frameworks that something was sent to since this was last asked. */
  List<String> takeSentTo() {
    List<String> taken = List.copyOf(sentTo);
    sentTo.clear();
    return taken;
  }

  /** Sends an event on a stream that belongs to no framework. */
  void sendTo(StreamAddress stream, Event event) {
    emit(new MasterEffect.Send(stream, event));
  }

  void closeStream(StreamAddress stream) {
    emit(new MasterEffect.CloseStream(stream));
  }

  /** Sends a message if the agent is connected; false if it is lost. */
  boolean toAgent(AgentBook agent, MasterToAgent message) {
    agent.session().ifPresent(session -> toLink(session, message));
    return agent.isConnected();
  }

  void toLink(String session, MasterToAgent message) {
    emit(new MasterEffect.ToAgent(session, message));
  }

  void closeLink(String session, String reason) {
    emit(new MasterEffect.CloseLink(session, reason));
  }

  void toAllocator(AllocatorInput input) {
    emit(new MasterEffect.ToAllocator(input));
  }

  void publish(Change change) {
    emit(new MasterEffect.Publish(change));
  }

  void info(String message, Object... fields) {
    emit(new MasterEffect.Log(LogLine.info(message, fields)));
  }

  void warn(String message, Object... fields) {
    emit(new MasterEffect.Log(LogLine.warn(message, fields)));
  }

  void emit(MasterEffect effect) {
    if (sink == null) {
      throw new IllegalStateException("no input is being handled");
    }
    sink.emit(effect);
  }
}
