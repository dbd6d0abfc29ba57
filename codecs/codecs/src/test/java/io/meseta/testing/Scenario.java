package io.meseta.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names what a test proves: an upstream test ({@code MasterTest.KillTask}) or a rule of the
 * checklists ({@code V-32}). {@link ScenarioReport} counts them.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface Scenario {
  String[] value();
}
