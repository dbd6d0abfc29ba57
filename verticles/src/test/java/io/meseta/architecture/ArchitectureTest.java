package io.meseta.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.meseta.kernel.Core;
import java.util.Arrays;

/**
 * The arrows between modules and packages (D-2) and the shape of cores (D-3), held for every class
 * of the product.
 */
@AnalyzeClasses(packages = "io.meseta", importOptions = ArchitectureTest.ProductOnly.class)
class ArchitectureTest {
  /** Neither test classes, nor the test jars of other modules, nor generated code. */
  static final class ProductOnly implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/")
          && !location.contains("-tests.jar")
          && !location.contains("meseta-schema")
          && !location.contains("io/meseta/csi/v1/");
    }
  }

  private static final String[] CORES = {
    "io.meseta.kernel..",
    "io.meseta.resources..",
    "io.meseta.tasks..",
    "io.meseta.log.streams..",
    "io.meseta.log.registry..",
    "io.meseta.master.core..",
    "io.meseta.agent.core..",
    "io.meseta.executor.."
  };

  @ArchTest
  static final ArchRule MODULES =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("codecs")
          .definedBy(
              "io.meseta.kernel..",
              "io.meseta.resources..",
              "io.meseta.tasks..",
              "io.meseta.json..",
              "io.meseta.recordio..",
              "io.meseta.media..",
              "io.meseta.bus..")
          .layer("allocator")
          .definedBy("io.meseta.allocator..")
          .layer("log")
          .definedBy("io.meseta.log..")
          .layer("isolation")
          .definedBy("io.meseta.isolation..")
          .layer("csi")
          .definedBy("io.meseta.csi..")
          .layer("verticles")
          .definedBy(
              "io.meseta.master..",
              "io.meseta.agent..",
              "io.meseta.executor..",
              "io.meseta.api..",
              "io.meseta.link..",
              "io.meseta.security..",
              "io.meseta.metrics..",
              "io.meseta.local..",
              "io.meseta.client..",
              "io.meseta.cli..")
          .whereLayer("verticles")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("allocator")
          .mayOnlyBeAccessedByLayers("verticles")
          .whereLayer("isolation")
          .mayOnlyBeAccessedByLayers("verticles")
          .whereLayer("csi")
          .mayOnlyBeAccessedByLayers("verticles")
          .whereLayer("log")
          .mayOnlyBeAccessedByLayers("isolation", "csi", "verticles")
          .whereLayer("codecs")
          .mayOnlyBeAccessedByLayers("allocator", "log", "isolation", "csi", "verticles");

  @ArchTest
  static final ArchRule CORES_KNOW_NO_RUNTIME =
      noClasses()
          .that()
          .resideInAnyPackage(CORES)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vertx..",
              "com.hazelcast..",
              "io.netty..",
              "io.reactivex..",
              "org.slf4j..",
              "java.net..",
              "java.util.concurrent.locks..")
          .because("cores are driven by simulations (D-3)");

  @ArchTest
  static final ArchRule CORES_WAIT_FOR_NOTHING =
      noClasses()
          .that()
          .resideInAnyPackage(CORES)
          .should()
          .dependOnClassesThat()
          .haveNameMatching("java\\.util\\.concurrent\\.(?!ConcurrentHashMap$|atomic\\.).*")
          .because(
              "a core has no futures, executors or queues (D-3); caches and gauges may be shared");

  @ArchTest
  static final ArchRule CORES_READ_NO_CLOCK_AND_START_NOTHING =
      noClasses()
          .that()
          .resideInAnyPackage(CORES)
          .and()
          .doNotHaveFullyQualifiedName("io.meseta.kernel.SystemClock")
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(java.time.Instant.class, "now")
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class)
          .because("time and chance are handed in (D-3)");

  @ArchTest
  static final ArchRule ALLOCATOR_CORE_KNOWS_NO_RUNTIME =
      noClasses()
          .that()
          .resideInAPackage("io.meseta.allocator..")
          .and()
          .haveSimpleNameNotEndingWith("Verticle")
          .and()
          .haveSimpleNameNotEndingWith("Shell")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "com.hazelcast..", "org.slf4j..");

  @ArchTest
  static final ArchRule ONLY_THE_BUS_KNOWS_VERTX_IN_CODECS =
      noClasses()
          .that()
          .resideInAnyPackage("io.meseta.json..", "io.meseta.recordio..", "io.meseta.media..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "com.hazelcast..");

  @ArchTest
  static final ArchRule THE_SUPERVISOR_SEES_ONLY_THE_JDK_AND_PROTOBUF =
      classes()
          .that()
          .resideInAPackage("io.meseta.isolation.supervisor..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                  "java..",
                  "com.google.protobuf..",
                  "org.jspecify..",
                  "io.meseta.schema..",
                  "io.meseta.kernel..",
                  "io.meseta.isolation.supervisor..",
                  "io.meseta.isolation.linux..",
                  "io.meseta.isolation.api.."))
          .because("it becomes a process of its own (D-2, D-16)");

  @ArchTest
  static final ArchRule CLIENTS_KNOW_ONLY_THE_PUBLIC_API =
      noClasses()
          .that()
          .resideInAPackage("io.meseta.client..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.meseta.master..",
              "io.meseta.agent..",
              "io.meseta.api..",
              "io.meseta.schema.internal..");

  @ArchTest
  static final ArchRule MASTER_AND_AGENT_MEET_ON_THE_LINK_ONLY =
      noClasses()
          .that()
          .resideInAPackage("io.meseta.master..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.meseta.agent..", "io.meseta.executor..", "io.meseta.isolation..");

  @ArchTest
  static final ArchRule AGENTS_DO_NOT_KNOW_MASTERS =
      noClasses()
          .that()
          .resideInAnyPackage("io.meseta.agent..", "io.meseta.executor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.meseta.master..", "io.meseta.allocator..", "io.meseta.cli..");

  @ArchTest
  static final ArchRule NO_CYCLES_BETWEEN_MODULES =
      slices()
          .matching("io.meseta.(*)..")
          .should()
          .beFreeOfCycles()
          .ignoreDependency(resideInAnyPackage("io.meseta.schema.."), alwaysTrue());

  @ArchTest
  static final ArchRule CORES_ARE_FINAL_AND_THEIR_INPUTS_SEALED =
      classes()
          .that()
          .implement(Core.class)
          .should()
          .haveModifier(JavaModifier.FINAL)
          .andShould(haveASealedInputAndEffect());

  private static ArchCondition<JavaClass> haveASealedInputAndEffect() {
    return new ArchCondition<>("have sealed inputs and effects") {
      @Override
      public void check(JavaClass core, ConditionEvents events) {
        Arrays.stream(core.reflect().getGenericInterfaces())
            .filter(type -> type.getTypeName().startsWith(Core.class.getName() + "<"))
            .map(type -> (java.lang.reflect.ParameterizedType) type)
            .flatMap(type -> Arrays.stream(type.getActualTypeArguments()))
            .filter(argument -> !(argument instanceof Class<?> c && c.isSealed()))
            .forEach(
                argument ->
                    events.add(
                        SimpleConditionEvent.violated(
                            core,
                            core.getName() + ": " + argument.getTypeName() + " is not sealed")));
      }
    };
  }
}
