package dev.sandglass.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.sandglass.support.memory.Backlog;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Body;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.FluentProducerTemplate;
import org.apache.camel.Header;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;

/**
 * The shape that all services share: their routes are the program. A service names the classes that break a rule yet, each with the
 * reason; one that does not break it any more must be taken off the list, so that lists only shrink.
 */
public final class Shape {
    /** Packages that decisions do not know. */
    private static final List<String> AROUND = List.of(
            "org.apache.camel.",
            "io.dapr.",
            "io.netty.",
            "io.quarkus.",
            "io.vertx.",
            "jakarta.",
            "java.net.http.",
            "org.eclipse.microprofile.");

    /** Packages that memory does not know. */
    private static final List<String> OUTSIDE =
            List.of("org.apache.camel.", "io.dapr.", "io.netty.", "io.quarkus.vertx.", "io.vertx.", "java.net.http.");

    /** The classes outside that memory knows: its part of a message, and how a call of Dapr ended. */
    private static final Set<String> HANDED_TO_MEMORY = Set.of(
            Body.class.getName(),
            ExchangeProperty.class.getName(),
            Header.class.getName(),
            Refused.class.getName(),
            Unavailable.class.getName());

    /** Values of route-support beside those of its own domain. */
    private static final Set<String> VALUES = Set.of(Stored.class.getName(), Transaction.class.getName());

    private final String root;
    private final Map<Rule, Map<String, String>> known = new EnumMap<>(Rule.class);

    /** The rules for the classes of a service. */
    public enum Rule {
        /** Only the Kamelets' beans call the sidecar, so that every call stands in a route. */
        CALLS_DAPR {
            @Override
            boolean brokenBy(JavaClass type, String root) {
                return uses(type)
                        .anyMatch(name -> Set.of(Dapr.class.getName(), SidecarDapr.class.getName())
                                .contains(topLevel(name)));
            }
        },
        /** The domain knows no Camel, no Dapr, no HTTP, no other package, no clock: values in, values out. */
        DOMAIN_IS_NOT_PURE {
            @Override
            boolean brokenBy(JavaClass type, String root) {
                return packageOf(type.getName(), root).equals("domain")
                        && (uses(type).anyMatch(name -> isAround(name, root)) || asksTheClock(type));
            }
        },
        /** A class that holds something for a replica knows what was decided and nothing around it: no HTTP, no Dapr, and of Camel how a route hands it its part. */
        MEMORY_IS_NOT_PURE {
            @Override
            boolean brokenBy(JavaClass type, String root) {
                return packageOf(type.getName(), root).equals("memory")
                        && uses(type).anyMatch(name -> isOutside(name, root));
            }
        },
        /** What waits until a route takes it waits in memory. */
        WAITS_IN_ROUTES {
            @Override
            boolean brokenBy(JavaClass type, String root) {
                return packageOf(type.getName(), root).equals("routes")
                        && (type.isAssignableTo(Backlog.class)
                                || type.getFields().stream()
                                        .anyMatch(field -> field.isAnnotatedWith(Produces.class)
                                                && field.getRawType().isAssignableTo(Backlog.class)));
            }
        },
        /** A bean does not send to a route: what starts a flow is the route's own {@code from}. */
        SENDS_TO_ROUTES {
            @Override
            boolean brokenBy(JavaClass type, String root) {
                Set<String> templates =
                        Set.of(ProducerTemplate.class.getName(), FluentProducerTemplate.class.getName());
                return uses(type).anyMatch(templates::contains);
            }
        },
        /** There are routes, domain and memory, and no fourth package; named by the package. */
        FOURTH_PACKAGE {
            @Override
            boolean brokenBy(JavaClass type, String root) {
                return !Set.of("routes", "domain", "memory").contains(packageOf(type.getName(), root));
            }

            @Override
            String named(JavaClass type, String root) {
                return packageOf(type.getName(), root);
            }
        },
        /** Routes are where a reader looks for them. */
        ROUTES_ELSEWHERE {
            @Override
            boolean brokenBy(JavaClass type, String root) {
                return type.isAssignableTo(RouteBuilder.class)
                        && !packageOf(type.getName(), root).equals("routes");
            }
        };

        abstract boolean brokenBy(JavaClass type, String root);

        /** The name by which a service lists what breaks the rule. */
        String named(JavaClass type, String root) {
            return topLevel(type.getName()).substring(root.length() + 1);
        }
    }

    /** @param root a package with all below it, {@code dev.sandglass.audit} */
    public Shape(String root) {
        this.root = root;
    }

    /**
     * Names what breaks a rule.
     *
     * @param name the class below the service's package, {@code ledger.Relay}; for a fourth package its name
     */
    public Shape but(Rule rule, String name, String why) {
        known.computeIfAbsent(rule, any -> new TreeMap<>()).put(name, why);
        return this;
    }

    /** Checks all rules. */
    public void holds() {
        holds(Rule.values());
    }

    /** Checks some rules. */
    public void holds(Rule... rules) {
        List<JavaClass> types = new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        // The test classes of route-support are no part of the services.
                        .withImportOption(location -> !location.contains("-tests.jar"))
                        .importPackages(root)
                        .stream()
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        .toList();
        assertEquals(false, types.isEmpty(), "there is nothing in " + root);
        Map<Rule, Set<String>> found = Arrays.stream(rules)
                .collect(Collectors.toMap(
                        rule -> rule,
                        rule -> types.stream()
                                .filter(type -> rule.brokenBy(type, root))
                                .map(type -> rule.named(type, root))
                                .collect(Collectors.toCollection(TreeSet::new))));
        Map<Rule, Set<String>> listed = Arrays.stream(rules)
                .collect(Collectors.toMap(
                        rule -> rule, rule -> known.getOrDefault(rule, Map.of()).keySet()));
        assertEquals(
                text(listed),
                text(found),
                "what breaks a rule and is not listed is to be mended; what is listed and keeps it now comes off the list");
    }

    private static String text(Map<Rule, Set<String>> names) {
        return new TreeMap<>(names)
                .entrySet().stream()
                        .flatMap(
                                rule -> new TreeSet<>(rule.getValue()).stream().map(name -> rule.getKey() + " " + name))
                        .collect(Collectors.joining("\n"));
    }

    private static Stream<String> uses(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(dependency ->
                        dependency.getTargetClass().getBaseComponentType().getName());
    }

    private static boolean isAround(String name, String root) {
        boolean support = name.startsWith("dev.sandglass.support.")
                && !name.startsWith("dev.sandglass.support.domain.")
                && !VALUES.contains(topLevel(name));
        boolean own = name.startsWith(root + ".")
                && !packageOf(name, root).equals("domain")
                && !VALUES.contains(topLevel(name));
        return support || own || AROUND.stream().anyMatch(name::startsWith);
    }

    private static boolean isOutside(String name, String root) {
        boolean support = name.startsWith("dev.sandglass.support.")
                && !Set.of("domain", "memory").contains(packageOf(name, "dev.sandglass.support"));
        boolean own = name.startsWith(root + ".") && !Set.of("domain", "memory").contains(packageOf(name, root));
        return (support || own || OUTSIDE.stream().anyMatch(name::startsWith))
                && !VALUES.contains(topLevel(name))
                && !HANDED_TO_MEMORY.contains(name);
    }

    private static boolean asksTheClock(JavaClass type) {
        return uses(type).anyMatch(Clock.class.getName()::equals)
                || type.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> call.getTargetOwner().getPackageName().equals("java.time")
                                        && call.getName().equals("now")
                                || call.getTargetOwner().isEquivalentTo(System.class)
                                        && Set.of("currentTimeMillis", "nanoTime")
                                                .contains(call.getName()));
    }

    private static String topLevel(String name) {
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    /** The first package below the root; empty for the root itself. */
    private static String packageOf(String name, String root) {
        String below = name.substring(root.length() + 1);
        int end = below.indexOf('.');
        return end < 0 ? "" : below.substring(0, end);
    }
}
