package io.meseta.resources;

import java.util.Optional;

/** Role names: {@code a/b/c}, each part a sub-role of what is before it; {@code *} is nobody's. */
public final class Roles {
  /** The role of resources that are not reserved. */
  public static final String UNRESERVED = "*";

  private Roles() {}

  /** Why a name is not a role, or empty. The texts are upstream's. */
  public static Optional<String> validate(String role) {
    if (role.equals(UNRESERVED)) {
      return Optional.empty();
    }
    if (role.isEmpty()) {
      return Optional.of("Role names cannot be the empty string");
    }
    if (role.startsWith("/")) {
      return Optional.of("Role '" + role + "' cannot start with a slash");
    }
    if (role.endsWith("/")) {
      return Optional.of("Role '" + role + "' cannot end with a slash");
    }
    if (role.contains("//")) {
      return Optional.of("Role '" + role + "' cannot contain two adjacent slashes");
    }
    for (String component : role.split("/", -1)) {
      if (component.equals(".") || component.equals("..") || component.equals("*")) {
        return Optional.of("Role '" + role + "' cannot include '" + component + "' as a component");
      }
      if (component.startsWith("-")) {
        return Optional.of(
            "Role component '" + component + "' is invalid because it starts with a dash");
      }
      if (component.chars().anyMatch(Roles::isForbidden)) {
        return Optional.of(
            "Role component '"
                + component
                + "' is invalid because it contains backspace or whitespace");
      }
    }
    return Optional.empty();
  }

  private static boolean isForbidden(int character) {
    return (character >= 0x09 && character <= 0x0D) || character == 0x20 || character == 0x7F;
  }

  /** Whether {@code role} lies strictly below {@code ancestor}: {@code a/b} below {@code a}. */
  public static boolean isBelow(String role, String ancestor) {
    return role.length() > ancestor.length()
        && role.charAt(ancestor.length()) == '/'
        && role.startsWith(ancestor);
  }

  /** The same role or strictly below it. */
  public static boolean isAtOrBelow(String role, String ancestor) {
    return role.equals(ancestor) || isBelow(role, ancestor);
  }
}
