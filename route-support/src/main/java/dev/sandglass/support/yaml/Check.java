package dev.sandglass.support.yaml;

import dev.sandglass.support.kamelets.Granted;
import dev.sandglass.support.yaml.room.Room;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.camel.support.DefaultRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Tells if files of routes can be taken: their YAML, what may be used, the Kamelets' parameters, names that are taken, and
 * whether Camel can make routes of them. Needs no running service.
 */
public final class Check {
    /** For a file to be looked at, and again to be loaded; it is a fraction of a second. */
    static final Duration LONGEST = Duration.ofSeconds(30);

    private static final long MEANWHILE = Duration.ofMillis(250).toNanos();

    private final Terms terms;
    private final Loaded.Ground ground;
    private final Duration longest;
    private final Runnable meanwhile;
    /** Texts that took too long, by file: they would again. */
    private final Map<String, String> late = new HashMap<>();
    /** Threads of one file that are left alone and may go on: not more of them, and none keeps another file from its look. */
    private static final int MOST_LEFT = 3;
    /** Such threads of all files: each may take a processor. */
    private static final int MOST_LEFT_IN_ALL = 10;

    private final Map<String, Integer> leftAlone = new ConcurrentHashMap<>();

    /**
     * @param loaded what can be taken, by file; running
     * @param refusals why the rest cannot
     */
    record Result(Map<String, Loaded> loaded, List<Refusal> refusals) {}

    /** A file that is right by itself. */
    private record Candidate(String text, Resolved resolved, Room room) {}

    Check(Terms terms, Loaded.Ground ground) {
        this(terms, ground, LONGEST, () -> {});
    }

    /**
     * @param longest how long one file may take
     * @param meanwhile is done again and again while one takes long
     */
    Check(Terms terms, Loaded.Ground ground, Duration longest, Runnable meanwhile) {
        this.terms = terms;
        this.ground = ground;
        this.longest = longest;
        this.meanwhile = meanwhile;
    }

    /**
     * Names what is wrong with the files of a service, in the order of their names; nothing of them runs, then or afterwards.
     *
     * @param dslYaml the integrators' folder, with {@code kamelets/} and {@code routes/<service>/}
     * @param settings the value of a setting by its name, null where it has none
     * @throws IOException when the folder cannot be read
     * @throws IllegalArgumentException when there is no such service, or its Kamelets cannot be read
     */
    public static List<Refusal> of(
            Path dslYaml, String service, Function<String, @Nullable String> settings, Granted granted)
            throws IOException {
        Terms terms = Terms.of(service, dslYaml.resolve("kamelets"), settings, granted);
        return of(terms, Folder.read(dslYaml.resolve("routes").resolve(service)));
    }

    static List<Refusal> of(Terms terms, Folder folder) {
        Loaded.Ground ground = new Loaded.Ground(new DefaultRegistry(), NoKamelets::new, Loaded.Use.CHECKED, null);
        Result result = new Check(terms, ground).check(folder.texts(), Map.of());
        result.loaded.values().forEach(Loaded::stop);
        List<Refusal> refusals = new ArrayList<>(folder.wrong());
        refusals.addAll(result.refusals);
        return refusals;
    }

    /**
     * Looks at files. Of two that give one name the later is wrong, in the order of their names; while that is in force it stays so,
     * and the other waits.
     *
     * @param files texts by name: those that are new or were changed
     * @param running files in force
     */
    Result check(SortedMap<String, String> files, Map<String, Loaded> running) {
        List<Refusal> refusals = new ArrayList<>();
        SortedMap<String, Candidate> right = new TreeMap<>();
        files.forEach((file, text) -> {
            try {
                Looked looked = inTime(file, text, () -> look(file, text), () -> {});
                if (looked.candidate != null) {
                    right.put(file, looked.candidate);
                }
                refusals.addAll(looked.wrong);
            } catch (Late e) {
                refusals.add(new Refusal(file, 1, e.says));
            } catch (ExecutionException e) {
                // One file must not keep the others from being looked at.
                refusals.add(new Refusal(file, 1, "it cannot be checked: " + e.getCause()));
            }
        });
        fit(right, running, refusals);
        SortedMap<String, Loaded> loaded = new TreeMap<>();
        SortedMap<String, List<Refusal>> later;
        do {
            later = later(right, running);
        } while (!load(right, running, later.keySet(), loaded, refusals));
        later.values().forEach(refusals::addAll);
        refusals.sort(Comparator.comparing(Refusal::file).thenComparing(Refusal::line));
        return new Result(loaded, refusals);
    }

    private record Looked(@Nullable Candidate candidate, List<Refusal> wrong) {}

    private Looked look(String file, String text) {
        List<Refusal> wrong = new ArrayList<>();
        try {
            YamlText yaml = new YamlText(text);
            Room room = ground.room(file, terms.kamelets());
            Resolved resolved = new Resolved(file, yaml, terms, room, ground.use() == Loaded.Use.TRIED);
            wrong.addAll(resolved.refusals());
            Map<String, YamlRoute> names = new HashMap<>();
            for (YamlRoute route : resolved.found()) {
                for (String name : names(route)) {
                    if (names.putIfAbsent(name, route) != null) {
                        wrong.add(new Refusal(file, route.line(), name + " is there already"));
                    }
                }
            }
            return new Looked(wrong.isEmpty() ? new Candidate(text, resolved, room) : null, wrong);
        } catch (YamlText.Unreadable e) {
            return new Looked(null, List.of(new Refusal(file, e.line, String.valueOf(e.getMessage()))));
        }
    }

    /** It takes too long. */
    private static final class Late extends Exception {
        private static final long serialVersionUID = 1L;
        final String says;

        Late(String says) {
            this.says = says;
        }
    }

    /**
     * Does something with a file in a thread of its own, so that the others go on when it does not end.
     *
     * @param left what is done when it ends too late
     */
    private <T> T inTime(String file, String text, Callable<T> work, Runnable left) throws Late, ExecutionException {
        String says = "it takes more than " + longest.toSeconds() + " s to look at";
        if (text.equals(late.get(file))) {
            throw new Late(says);
        }
        if (leftAlone.getOrDefault(file, 0) >= MOST_LEFT) {
            throw new Late("what it said before took too long to look at and has not ended yet; save it again then");
        }
        if (leftAlone.values().stream().mapToInt(Integer::intValue).sum() >= MOST_LEFT_IN_ALL) {
            throw new Late(
                    "the looks at " + leftAlone.keySet() + " took too long and have not ended yet; save it again then");
        }
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(
                () -> {
                    task.run();
                    if (task.isCancelled()) {
                        try {
                            left.run();
                        } finally {
                            ended(file);
                        }
                    }
                },
                "dsl-yaml-check");
        thread.setDaemon(true);
        thread.start();
        try {
            try {
                return await(task);
            } catch (TimeoutException e) {
                // Before the thread takes it back.
                leftAlone.merge(file, 1, Integer::sum);
                if (task.cancel(true)) {
                    late.put(file, text);
                    throw new Late(says);
                }
                ended(file);
                return task.get();
            }
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the service stops", e);
        }
    }

    /** @throws TimeoutException where it takes too long */
    private <T> T await(FutureTask<T> task) throws InterruptedException, ExecutionException, TimeoutException {
        long end = System.nanoTime() + longest.toNanos();
        while (true) {
            long left = Math.max(0, end - System.nanoTime());
            try {
                return task.get(Math.min(left, MEANWHILE), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (left <= MEANWHILE) {
                    throw e;
                }
                meanwhile.run();
            }
        }
    }

    private void ended(String file) {
        leftAlone.computeIfPresent(file, (name, left) -> left == 1 ? null : left - 1);
    }

    /**
     * Leaves out the files for which there is no room beside those in force and those before them, the largest first: what was taken
     * one after the other is so all at once. A file has at most half of what is free, or what it has: there is room for one more.
     */
    private static void fit(SortedMap<String, Candidate> right, Map<String, Loaded> running, List<Refusal> refusals) {
        int all = running.values().stream().mapToInt(former -> former.parts).sum();
        Comparator<Map.Entry<String, Candidate>> size =
                Comparator.comparingInt(entry -> entry.getValue().resolved.parts());
        for (Map.Entry<String, Candidate> entry :
                right.entrySet().stream().sorted(size.reversed()).toList()) {
            String file = entry.getKey();
            int parts = entry.getValue().resolved.parts();
            // Until it is in force the former one is.
            int former = running.containsKey(file) ? running.get(file).parts : 0;
            int half = (Resolved.PARTS - (all - former)) / 2;
            if (parts > Math.max(former, half)) {
                right.remove(file);
                refusals.add(new Refusal(
                        file,
                        1,
                        "it has " + parts + " parts and may have " + Math.max(former, half) + ": of " + Resolved.PARTS
                                + " for all files of a service, half of what the others leave free (a route from events,"
                                + " a timer or posts is 400, a Kamelet 15, a step 1, and each { in simple, and 1,000"
                                + " characters)"));
            } else {
                all += Math.max(0, parts - former);
            }
        }
    }

    /** A name of a file's route. */
    private record Given(String file, YamlRoute route) {}

    /** Files with a name that a file before them gives, by the order of the files' names; each with what is said of both. */
    private static SortedMap<String, List<Refusal>> later(
            SortedMap<String, Candidate> right, Map<String, Loaded> running) {
        SortedMap<String, List<YamlRoute>> all = new TreeMap<>();
        running.forEach((file, former) -> all.put(file, former.routes));
        right.forEach((file, candidate) -> all.put(file, candidate.resolved.found()));
        Map<String, Given> owners = new HashMap<>();
        SortedMap<String, List<Refusal>> later = new TreeMap<>();
        all.forEach((file, routes) -> routes.forEach(route -> names(route).forEach(name -> {
            Given owner = owners.putIfAbsent(name, new Given(file, route));
            if (owner != null && !owner.file.equals(file)) {
                later.putIfAbsent(
                        file,
                        List.of(
                                new Refusal(file, route.line(), name + " is there already, in " + owner.file),
                                new Refusal(
                                        owner.file,
                                        owner.route.line(),
                                        name + " is given by " + file + " too; one of them can be in force")));
            }
        })));
        return later;
    }

    /** @return false when one turned out to be wrong, and who is later has to be seen anew */
    private boolean load(
            SortedMap<String, Candidate> right,
            Map<String, Loaded> running,
            Set<String> later,
            SortedMap<String, Loaded> loaded,
            List<Refusal> refusals) {
        Set<String> held = new TreeSet<>();
        running.forEach((file, former) -> {
            if (!right.containsKey(file) || later.contains(file)) {
                former.routes.forEach(route -> held.addAll(names(route)));
            }
        });
        for (Map.Entry<String, Candidate> entry : List.copyOf(right.entrySet())) {
            String file = entry.getKey();
            Candidate candidate = entry.getValue();
            List<YamlRoute> routes = candidate.resolved.found();
            if (later.contains(file)
                    || routes.stream()
                            .map(Check::names)
                            .flatMap(Collection::stream)
                            .anyMatch(held::contains)) {
                Loaded before = loaded.remove(file);
                if (before != null) {
                    before.stop();
                }
            } else if (!loaded.containsKey(file)) {
                try {
                    loaded.put(
                            file,
                            inTime(
                                    file,
                                    candidate.text,
                                    () -> new Loaded(candidate.text, candidate.resolved, candidate.room),
                                    candidate.room::stop));
                } catch (Late e) {
                    right.remove(file);
                    refusals.add(new Refusal(file, 1, e.says));
                    return false;
                } catch (ExecutionException e) {
                    right.remove(file);
                    refusals.add(new Refusal(
                            file, line(routes, e), candidate.room.cells().shown(reason(e))));
                    return false;
                }
            }
        }
        return true;
    }

    private static List<String> names(YamlRoute route) {
        List<String> names = new ArrayList<>(List.of("the id " + route.id()));
        if (route.direct() != null) {
            names.add("a route from direct:" + route.direct());
        }
        if (route.claim() != null) {
            names.add(route.claim());
        }
        return names;
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
        return cause instanceof StackOverflowError
                ? "it is nested too deeply for Camel"
                : "Camel cannot make routes of it: " + cause.getMessage();
    }
}
