package io.meseta.link;

import java.util.Optional;

/**
 * An agent wants to be attached. Passed by reference inside one process.
 *
 * @param link names the agent's end for its whole life
 * @param clusterId empty if the agent does not know it yet
 * @param authorization what the agent shows to prove who it is
 */
record LinkHello(String link, Optional<String> clusterId, Optional<String> authorization) {}
