package dev.sandglass.sync;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.camel.builder.RouteBuilder;

@AnalyzeClasses(packages = "dev.sandglass.sync", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule decisionsArePure = noClasses()
            .that()
            .resideInAPackage("..domain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.camel..",
                    "io.dapr..",
                    "io.vertx..",
                    "io.netty..",
                    "io.quarkus..",
                    "jakarta..",
                    "dev.sandglass.sync.memory..");

    @ArchTest
    static final ArchRule decisionsHaveNoClock = noClasses()
            .that()
            .resideInAPackage("..domain..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    @ArchTest
    static final ArchRule routesAreInOnePlace =
            classes().that().areAssignableTo(RouteBuilder.class).should().resideInAPackage("..sync.routes");
}
