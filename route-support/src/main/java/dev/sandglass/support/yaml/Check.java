package dev.sandglass.support.yaml;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Whether files of routes can be taken: their YAML, the schema, the allow-list, the Kamelets' parameters, names that are taken, and
 * whether Camel can make routes of them. Needs no running service.
 */
public final class Check {
    private final Offer offer;
    private final Kamelets kamelets;
    private final Function<String, @Nullable String> settings;
    private final Loaded.Ground ground;

    /**
     * @param loaded what can be taken, by file; running
     * @param refusals why the rest cannot
     */
    record Result(Map<String, Loaded> loaded, List<Refusal> refusals) {}

    Check(Offer offer, Path folder, Function<String, @Nullable String> settings, Loaded.Ground ground) {
        this.offer = offer;
        this.kamelets = new Kamelets(folder);
        this.settings = settings;
        this.ground = ground;
    }

    /**
     * What is wrong with the files of a service, in the order of their names; nothing of them runs afterwards.
     *
     * @param dslYaml the integrators' folder, with {@code kamelets/} and {@code routes/<service>/}
     * @param settings the value of a setting by its name, null where it has none
     * @throws IOException when the folder cannot be read, @throws IllegalArgumentException when there is no such service, or its
     *     Kamelets cannot be read
     */
    public static List<Refusal> of(Path dslYaml, String service, Function<String, @Nullable String> settings)
            throws IOException {
        Loaded.Ground ground = new Loaded.Ground(new DefaultRegistry(), NoKamelets::new, source(settings));
        Check check = new Check(Offer.of(service), dslYaml.resolve("kamelets"), settings, ground);
        Result result = check.check(Folder.read(dslYaml.resolve("routes").resolve(service)), Map.of());
        result.loaded.values().forEach(Loaded::close);
        return result.refusals;
    }

    static PropertiesSource source(Function<String, @Nullable String> settings) {
        return new PropertiesSource() {
            @Override
            public String getName() {
                return "settings";
            }

            @Override
            public @Nullable String getProperty(String name) {
                return name.startsWith(AllowList.SETTINGS) ? settings.apply(name) : null;
            }
        };
    }

    /**
     * Looks at files.
     *
     * @param files texts by name: those that are new or were changed
     * @param running files in force; their names are taken, as long as no new text of theirs lets go of them
     */
    Result check(SortedMap<String, String> files, Map<String, Loaded> running) {
        Map<String, String> taken = new HashMap<>();
        running.forEach((file, loaded) -> take(taken, file, loaded.routes()));
        Map<String, Loaded> loaded = new TreeMap<>();
        List<Refusal> refusals = new ArrayList<>();
        files.forEach((file, text) -> {
            List<Refusal> wrong = new ArrayList<>();
            List<YamlRoute> routes = look(file, text, wrong);
            taken.values().removeIf(file::equals);
            for (YamlRoute route : routes) {
                for (String name : names(route)) {
                    String by = taken.putIfAbsent(name, file);
                    if (by != null) {
                        wrong.add(new Refusal(
                                file,
                                route.line(),
                                name + " is there already" + (by.equals(file) ? "" : ", in " + by)));
                    }
                }
            }
            if (wrong.isEmpty()) {
                try {
                    loaded.put(file, new Loaded(file, text, routes, ground));
                } catch (Exception e) {
                    wrong.add(new Refusal(file, line(routes, e), reason(e)));
                }
            }
            if (!wrong.isEmpty()) {
                taken.values().removeIf(file::equals);
                Loaded former = running.get(file);
                if (former != null) {
                    take(taken, file, former.routes());
                }
                refusals.addAll(wrong);
            }
        });
        return new Result(loaded, refusals);
    }

    private List<YamlRoute> look(String file, String text, List<Refusal> wrong) {
        try {
            YamlText yaml = new YamlText(text);
            AllowList allowed = new AllowList(file, yaml, offer, kamelets, settings);
            wrong.addAll(allowed.refusals());
            if (wrong.isEmpty()) {
                wrong.addAll(Schema.refusals(file, yaml));
            }
            return allowed.routes();
        } catch (YamlText.Unreadable e) {
            wrong.add(new Refusal(file, e.line, Objects.requireNonNullElse(e.getMessage(), "")));
            return List.of();
        }
    }

    private static void take(Map<String, String> taken, String file, List<YamlRoute> routes) {
        routes.forEach(route -> names(route).forEach(name -> taken.put(name, file)));
    }

    private static List<String> names(YamlRoute route) {
        return route.direct() == null
                ? List.of("the id " + route.id())
                : List.of("the id " + route.id(), "a route from direct:" + route.direct());
    }

    private static int line(List<YamlRoute> routes, Exception e) {
        String says = String.valueOf(e.getMessage());
        return routes.stream()
                .filter(route -> says.contains(route.id()))
                .findFirst()
                .or(() -> routes.stream().findFirst())
                .map(YamlRoute::line)
                .orElse(1);
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "Camel cannot make routes of it: " + cause.getMessage();
    }
}
