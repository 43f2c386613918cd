package sluice.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A key that nothing reads promises what nobody keeps. */
final class EveryKeyIsReadTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("sluice");

  /** Here nobody reads the second: what a record says of itself does not count. */
  record Half(int read, int unread) {
    static int sum(Half half) {
      return half.read;
    }
  }

  @Test
  void everyComponentOfAConfigurationIsReadSomewhere() {
    Set<Class<?>> records = new LinkedHashSet<>();
    collect(PipelineConfig.class, records);
    PipelineConfig.FAMILIES
        .all()
        .forEach(family -> family.types().values().forEach(type -> collect(type, records)));
    assertThat(records).hasSizeGreaterThan(40);
    Set<String> unread = new TreeSet<>();
    records.forEach(type -> unread.addAll(unread(type, HOUSE)));
    assertThat(unread).isEmpty();
  }

  @Test
  void aComponentThatIsNotReadIsFound() {
    assertThat(unread(Half.class, new ClassFileImporter().importClasses(Half.class)))
        .containsExactly("Half.unread");
  }

  private static void collect(Type type, Set<Class<?>> records) {
    if (type instanceof ParameterizedType generic) {
      for (Type argument : generic.getActualTypeArguments()) {
        collect(argument, records);
      }
    } else if (type instanceof Class<?> plain && plain.isRecord() && records.add(plain)) {
      for (RecordComponent component : plain.getRecordComponents()) {
        collect(component.getGenericType(), records);
      }
    }
  }

  private static Set<String> unread(Class<?> record, JavaClasses classes) {
    JavaClass type = classes.get(record);
    Set<String> unread = new TreeSet<>();
    for (RecordComponent component : record.getRecordComponents()) {
      String name = component.getName();
      JavaMethod accessor = type.getMethod(name);
      Stream<? extends JavaAccess<?>> calls =
          Stream.concat(Stream.of(type), type.getAllRawInterfaces().stream())
              .flatMap(owner -> owner.tryGetMethod(name).stream())
              .flatMap(method -> method.getAccessesToSelf().stream());
      Stream<? extends JavaAccess<?>> takes =
          type.getField(name).getAccessesToSelf().stream()
              .filter(access -> access.getAccessType() == JavaFieldAccess.AccessType.GET)
              .filter(access -> !access.getOrigin().equals(accessor));
      if (Stream.concat(calls, takes).noneMatch(access -> counts(access, type))) {
        unread.add(record.getSimpleName() + "." + name);
      }
    }
    return unread;
  }

  /** Whether who reads a value does something by it: checking that it is right does not count. */
  private static boolean counts(JavaAccess<?> access, JavaClass record) {
    JavaClass reader = access.getOriginOwner();
    boolean checks = reader.equals(record) && access.getOrigin().isConstructor();
    return !checks
        && !reader.isEquivalentTo(SchemaFit.class)
        && !reader.isEquivalentTo(TaskFit.class);
  }
}
