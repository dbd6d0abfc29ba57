package io.meseta.allocator;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All roles that matter to anybody, and their books: what is reserved to or held by a
 * role is charged to all its ancestors, up to the root. Roles come into being when first used and
 * disappear with their last use.
 */
final class RoleTree {
  private final Map<String, Role> roles = new HashMap<>();
  private final Role root = new Role("", null);

  Role root() {
    return root;
  }

  @Nullable Role find(String name) {
    return roles.get(name);
  }

  int size() {
    return roles.size();
  }

  void setWeight(String name, double weight) {
    Role role = ensure(name);
    role.weight = weight;
    forgetUnused(role);
  }

  /** Weight 1 unless another one was set. */
  double weight(String name) {
    Role role = roles.get(name);
    return role == null ? 1.0 : role.weight;
  }

  Role addFramework(String name, Framework framework) {
    Role role = ensure(name);
    role.frameworks.put(framework.id, framework);
    return role;
  }

  void removeFramework(Role role, Framework framework) {
    role.frameworks.remove(framework.id);
    forgetUnused(role);
  }

  void addReservations(String name, Quantities amount) {
    withAncestors(name, role -> role.reservations.add(amount));
  }

  void subtractReservations(String name, Quantities amount) {
    withAncestors(name, role -> role.reservations.subtract(amount));
  }

  void addHeld(String name, Quantities unreserved) {
    withAncestors(name, role -> role.heldUnreserved.add(unreserved));
  }

  void subtractHeld(String name, Quantities unreserved) {
    withAncestors(name, role -> role.heldUnreserved.subtract(unreserved));
  }

  private void withAncestors(String name, Consumer<Role> change) {
    Role role = ensure(name);
    for (Role each = role; each != null; each = each.parent) {
      change.accept(each);
    }
    forgetUnused(role);
  }

  private Role ensure(String name) {
    Role known = roles.get(name);
    if (known != null) {
      return known;
    }
    int slash = name.lastIndexOf('/');
    Role parent = slash < 0 ? root : ensure(name.substring(0, slash));
    Role role = new Role(name, parent);
    parent.children.put(name, role);
    roles.put(name, role);
    return role;
  }

  private void forgetUnused(Role role) {
    for (Role each = role; each.parent != null && each.isUnused(); each = each.parent) {
      each.parent.children.remove(each.name);
      roles.remove(each.name);
    }
  }
}
