/**
 * The JSON mapping of the v1 APIs, for any protobuf message: not proto3 JSON but the one that
 * clients of Mesos have always spoken (names as declared, defaults written, lenient on input).
 *
 * <p>Owns the mapping and its error texts. Must not know HTTP, calls or events. Start reading at
 * {@link io.meseta.json.MesosJson}; what a message looks like is compiled once into a {@code
 * MessagePlan} that {@code WireToJson} and {@code JsonToWire} walk.
 */
@NullMarked
package io.meseta.json;

import org.jspecify.annotations.NullMarked;
