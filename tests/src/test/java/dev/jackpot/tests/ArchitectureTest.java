package dev.jackpot.tests;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Files;
import java.util.Map;

/** The rules of docs/architecture.md that the compiler does not know. */
@AnalyzeClasses(packages = "dev.jackpot", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final Map<String, String> PACKAGE_OF_MODULE =
      Map.of(
          "configs", "config",
          "graphs", "graph",
          "pruning", "pruning",
          "export", "export",
          "training", "training",
          "cli", "cli");

  /** config ← graph ← pruning ← export ← training ← cli: each may use those before it. */
  @ArchTest
  static final ArchRule MODULES_FORM_A_LINE =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("config")
          .definedBy("dev.jackpot.config..")
          .layer("graph")
          .definedBy("dev.jackpot.graph..")
          .layer("pruning")
          .definedBy("dev.jackpot.pruning..")
          .layer("export")
          .definedBy("dev.jackpot.export..")
          .layer("training")
          .definedBy("dev.jackpot.training..")
          .layer("cli")
          .definedBy("dev.jackpot.cli..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("training")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("export")
          .mayOnlyBeAccessedByLayers("training", "cli")
          .whereLayer("pruning")
          .mayOnlyBeAccessedByLayers("export", "training", "cli")
          .whereLayer("graph")
          .mayOnlyBeAccessedByLayers("pruning", "export", "training", "cli");

  /** Every class lies in the packages of a module: nothing escapes the rule above. */
  @ArchTest
  static final ArchRule EVERY_CLASS_IS_IN_A_MODULE =
      classes()
          .should()
          .resideInAnyPackage(
              "dev.jackpot.config..",
              "dev.jackpot.graph..",
              "dev.jackpot.pruning..",
              "dev.jackpot.export..",
              "dev.jackpot.training..",
              "dev.jackpot.cli..");

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.jackpot.(**)").should().beFreeOfCycles().allowEmptyShould(true);

  /**
   * Selection is arrays in, masks out: what runs on the device is built in graphs, and run in
   * training.
   */
  @ArchTest
  static final ArchRule PRUNING_RUNS_NOTHING =
      noClasses()
          .that()
          .resideInAPackage("dev.jackpot.pruning..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.tensorflow.Session")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.tensorflow.Session$Runner")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("java.io..", "java.net..", "java.nio.file..", "java.nio.channels..")
          .allowEmptyShould(true);

  /**
   * A pruning class that uses TensorFlow at all builds ops; it says so in its name, and the others
   * are pure Java.
   */
  @ArchTest
  static final ArchRule SELECTION_IS_PURE =
      classes()
          .that()
          .resideInAPackage("dev.jackpot.pruning..")
          .should(buildOpsOnlyWith("org.tensorflow.Operand"))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule ONLY_THE_CLI_PARSES_ARGUMENTS_AND_CONFIGURES_LOGGING =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.jackpot.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..", "org.apache.logging.log4j.core..", "me.tongfei..");

  /** Its process has no other class of Jackpot, nor any library but TensorFlow's own. */
  @ArchTest
  static final ArchRule THE_PLAIN_LOADER_IS_PLAIN =
      classes()
          .that()
          .resideInAPackage("dev.jackpot.export.loader")
          .and()
          .doNotHaveSimpleName("package-info")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "org.tensorflow..", "com.google.protobuf..", "dev.jackpot.export.loader")
          .andShould()
          .haveSimpleName("PlainLoader");

  /** A model file from a stranger must not run code. */
  @ArchTest
  static final ArchRule NO_JAVA_SERIALIZATION =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectOutputStream");

  /** Exit codes are the command line's to give. */
  @ArchTest
  static final ArchRule ONLY_THE_CLI_ENDS_THE_PROCESS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.jackpot.cli..")
          .should()
          .callMethod(System.class, "exit", int.class);

  /**
   * If a module's classes were missing from the class path, the rules above would hold of nothing.
   */
  @ArchTest
  static void everyModuleIsSeen(JavaClasses classes) {
    PACKAGE_OF_MODULE.forEach(
        (module, name) -> {
          if (Files.isDirectory(Repository.root().resolve(module).resolve("src/main/java"))) {
            assertThat(classes.stream().map(JavaClass::getPackageName))
                .as("packages of module %s", module)
                .anyMatch(found -> found.startsWith("dev.jackpot." + name));
          }
        });
  }

  private static ArchCondition<JavaClass> buildOpsOnlyWith(String operand) {
    return new ArchCondition<>("use TensorFlow only to build ops from operands") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean usesTensorFlow =
            type.getDirectDependenciesFromSelf().stream()
                .map(d -> d.getTargetClass().getPackageName())
                .anyMatch(
                    p -> p.startsWith("org.tensorflow") && !p.startsWith("org.tensorflow.ndarray"));
        boolean buildsOps =
            type.getDirectDependenciesFromSelf().stream()
                .anyMatch(d -> d.getTargetClass().getName().equals(operand));
        if (usesTensorFlow && !buildsOps) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " uses TensorFlow but builds no ops"));
        }
      }
    };
  }
}
