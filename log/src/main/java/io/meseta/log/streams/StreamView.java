package io.meseta.log.streams;

/**
 * How a stream is doing, for metrics and operators.
 *
 * @param pending updates that are not acknowledged
 * @param attempts how often the head was sent since it became head or streams were resumed
 * @param headSinceNanos when the oldest pending update was accepted or replayed
 */
public record StreamView<K>(
    K key, boolean durable, boolean terminal, int pending, int attempts, long headSinceNanos) {}
