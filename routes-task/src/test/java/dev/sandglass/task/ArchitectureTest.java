package dev.sandglass.task;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.sandglass.support.SidecarDapr;

/** Where things belong. */
@ArchTag("SC-010")
@AnalyzeClasses(
        packages = "dev.sandglass",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
    /** Leaves out the test classes of route-support, which are no part of the services. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule THE_LANGUAGE_OF_ALL_KNOWS_NEITHER_CAMEL_NOR_DAPR = noClasses()
            .that()
            .resideInAnyPackage("dev.sandglass.events..", "dev.sandglass.time..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel..", "io.dapr..", "io.vertx..", "io.quarkus..");

    /** Everything through Dapr. */
    @ArchTest
    static final ArchRule NOTHING_BUT_THE_SIDECAR_STANDS_BETWEEN = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "java.sql..", "org.postgresql..", "redis..");

    @ArchTest
    static final ArchRule THE_SDK_IS_SPELLED_IN_ONE_PLACE = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(SidecarDapr.class.getName())
            .and()
            .haveNameNotMatching(".*support\\.SidecarDapr\\$.*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.dapr..");
}
