package io.meseta.master.core;

/**
 * Where the answer to one HTTP request is awaited: node, API verticle instance, number of the
 * request there.
 */
public record RequestAddress(String node, int instance, long request) {}
