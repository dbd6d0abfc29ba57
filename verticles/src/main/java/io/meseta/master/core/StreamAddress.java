package io.meseta.master.core;

/**
 * Where the far end of one HTTP stream lives (D-5): node and API verticle instance that hold the
 * connection, and the stream's number there. Never reused within one run of that instance.
 */
public record StreamAddress(String node, int instance, long stream) {}
