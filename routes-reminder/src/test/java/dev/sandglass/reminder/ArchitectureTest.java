package dev.sandglass.reminder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.sandglass.support.Dapr;
import java.time.Clock;
import java.time.Instant;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;

@AnalyzeClasses(packages = "dev.sandglass.reminder", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule decisionsKnowNeitherCamelNorDapr = noClasses()
            .that()
            .resideInAPackage("..domain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.camel..",
                    "io.dapr..",
                    "io.quarkus..",
                    "jakarta..",
                    "dev.sandglass.support.memory..",
                    "..reminder.memory..",
                    "..reminder.routes..");

    @ArchTest
    static final ArchRule onlyKameletsCallDapr =
            noClasses().should().dependOnClassesThat().areAssignableTo(Dapr.class);

    @ArchTest
    static final ArchRule beansDoNotSendToRoutes =
            noClasses().should().dependOnClassesThat().areAssignableTo(ProducerTemplate.class);

    @ArchTest
    static final ArchRule thereAreThreePackages =
            classes().should().resideInAnyPackage("..reminder.routes..", "..reminder.domain..", "..reminder.memory..");

    @ArchTest
    static final ArchRule decisionsHaveNoClockOfTheirOwn = noClasses()
            .that()
            .resideInAPackage("..domain..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);

    @ArchTest
    static final ArchRule routesLiveInRoutes =
            classes().that().areAssignableTo(RouteBuilder.class).should().resideInAPackage("..routes..");
}
