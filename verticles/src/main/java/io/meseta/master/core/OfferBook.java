package io.meseta.master.core;

import io.meseta.resources.Resources;

/**
 * An outstanding offer: one agent, one role (O-2).
 *
 * @param resources with allocation role, in the newest format, whatever the framework was shown
 */
record OfferBook(String id, String frameworkId, String agentId, String role, Resources resources) {}
