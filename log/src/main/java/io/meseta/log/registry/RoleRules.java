package io.meseta.log.registry;

import io.meseta.schema.v1.WeightInfo;
import io.meseta.schema.v1.quota.QuotaConfig;
import java.util.List;

/** Quotas and weights of roles. */
final class RoleRules {
  private RoleRules() {}

  /** A configuration without guarantees and limits is the default, which is not stored. */
  static Outcome updateQuota(RegistryState state, List<QuotaConfig> configs) {
    PersistentMap<QuotaConfig> quotas = state.quotas();
    for (QuotaConfig config : configs) {
      boolean isDefault = config.getGuaranteesCount() == 0 && config.getLimitsCount() == 0;
      if (isDefault) {
        quotas = quotas.remove(config.getRole());
      } else if (quotas.get(config.getRole()).filter(config::equals).isEmpty()) {
        quotas = quotas.put(config.getRole(), config);
      }
    }
    return quotas == state.quotas()
        ? Outcome.unchanged()
        : Outcome.changed(state.withRoles(quotas, state.weights()));
  }

  static Outcome updateWeights(RegistryState state, List<WeightInfo> changes) {
    PersistentMap<WeightInfo> weights = state.weights();
    for (WeightInfo change : changes) {
      if (change.getRole().isEmpty() || !(change.getWeight() > 0)) {
        return Outcome.refused(
            "a weight needs a role and a positive number: '"
                + change.getRole()
                + "' = "
                + change.getWeight());
      }
      if (weights.get(change.getRole()).filter(change::equals).isEmpty()) {
        weights = weights.put(change.getRole(), change);
      }
    }
    return weights == state.weights()
        ? Outcome.unchanged()
        : Outcome.changed(state.withRoles(state.quotas(), weights));
  }
}
