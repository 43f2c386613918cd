package sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Which tests start a process of their own. A process of Java costs seconds, most of them for what
 * the one that runs the tests has loaded long ago; what needs the jar that ships shares one, {@code
 * sluice.jobs.ShippedJar}.
 */
class ProcessesTest {
  private static final int MOST = 16;

  private static final Set<String> STARTING =
      Set.of(
          // A pipe, a small disk: commands of the system, milliseconds.
          "sluice.data.ForeignFileTest",
          "sluice.jobs.BadInputTest",
          "sluice.run.FullDiskTest",
          "sluice.run.RunDirectoryTest",
          // Scripts without Java.
          "sluice.jobs.ScriptsTest",
          // Settings that a process takes when it starts; its memory.
          "sluice.network.NativesTest",
          "sluice.network.ProcessMemoryTest",
          // Types that a process finds on its class path when it starts.
          "sluice.jobs.AddedPartsTest",
          // Exit codes, signals and kills.
          "sluice.cli.MainTest",
          "sluice.jobs.KillTrialTest",
          "sluice.jobs.StopTest",
          "sluice.run.KillTest",
          // A cluster, a browser, the jar that ships.
          "sluice.jobs.ClusterTest",
          "sluice.jobs.ShippedJarTest",
          "sluice.report.HostileNamesTest",
          "sluice.report.ReportInBrowserTest");

  private static final Set<String> BY_JUNIT =
      Set.of("Test", "ParameterizedTest", "BeforeAll", "BeforeEach");

  @Test
  void fewTestsStartAProcess() {
    JavaClasses tests =
        new ClassFileImporter()
            .importPaths(
                Path.of("../transforms/target/test-classes"),
                Path.of("../models/target/test-classes"),
                Path.of("target/test-classes"));

    assertThat(starting(tests)).containsExactlyInAnyOrderElementsOf(STARTING);
    assertThat(STARTING).hasSizeLessThanOrEqualTo(MOST);
  }

  /** The test classes of which a method that JUnit calls comes to start a process. */
  private static Set<String> starting(JavaClasses tests) {
    Set<String> starting = new TreeSet<>();
    Set<JavaCodeUnit> seen = new HashSet<>();
    Deque<JavaCodeUnit> left = new ArrayDeque<>();
    for (JavaClass type : tests) {
      type.getCodeUnits().stream().filter(ProcessesTest::startsAProcess).forEach(left::add);
    }
    while (!left.isEmpty()) {
      JavaCodeUnit unit = left.remove();
      if (!seen.add(unit) || unit.getFullName().startsWith("sluice.jobs.ShippedJar.started(")) {
        continue;
      }
      if (unit.getAnnotations().stream()
          .anyMatch(annotation -> BY_JUNIT.contains(annotation.getRawType().getSimpleName()))) {
        starting.add(outermost(unit.getOwner()).getName());
      }
      unit.getAccessesToSelf().stream().map(JavaAccess::getOrigin).forEach(left::add);
    }
    return starting;
  }

  private static boolean startsAProcess(JavaCodeUnit unit) {
    return unit.getMethodCallsFromSelf().stream()
        .anyMatch(
            call ->
                List.of(
                        "java.lang.ProcessBuilder.start()",
                        "java.lang.Runtime.exec(java.lang.String[])")
                    .contains(call.getTarget().getFullName()));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ProcessesTest::outermost).orElse(type);
  }
}
