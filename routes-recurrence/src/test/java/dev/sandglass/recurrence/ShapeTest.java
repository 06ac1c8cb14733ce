package dev.sandglass.recurrence;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.apache.camel.builder.RouteBuilder;

@AnalyzeClasses(packages = "dev.sandglass.recurrence")
class ShapeTest {
    @ArchTest
    static final ArchRule domain_is_pure = noClasses()
            .that()
            .resideInAPackage("..domain..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.camel..", "io.dapr..", "dev.sandglass.support");

    @ArchTest
    static final ArchRule routes_are_where_routes_are_looked_for = classes()
            .that()
            .areAssignableTo(RouteBuilder.class)
            .should()
            .resideInAPackage("..routes..")
            .allowEmptyShould(true);
}
