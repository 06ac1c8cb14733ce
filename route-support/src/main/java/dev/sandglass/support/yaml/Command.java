package dev.sandglass.support.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sandglass.events.Json;
import dev.sandglass.support.kamelets.Granted;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code ./run check} and {@code ./run try}: the same checks as in a running service, without one. */
public final class Command {
    private static final String ROUTES = ".camel.yaml";
    private static final List<String> PLACES = List.of("routes", "examples");

    private static final String NO_SERVICE =
            "is no folder of a service; files belong into one named " + String.join(", ", Offer.services());

    private final Path dslYaml;
    private final Function<String, @Nullable String> settings;
    private final Granted granted;
    private final PrintStream out;

    /** @param dslYaml whose Kamelets are meant */
    Command(Path dslYaml, Function<String, @Nullable String> settings, PrintStream out) {
        this.dslYaml = dslYaml;
        this.settings = settings;
        this.granted = new Granted(
                Objects.requireNonNullElse(settings.apply("sandglass.hooks.secrets"), Granted.SECRETS),
                Objects.requireNonNullElse(settings.apply("sandglass.hooks.invoke"), ""));
        this.out = out;
    }

    /** {@code check DSL-YAML [PATH]} or {@code try DSL-YAML FILE EVENT.json [ROUTE]}; the exit code is 1 when something is wrong. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Path dslYaml = Path.of(args[1]);
        Path path = args.length > 2 ? Path.of(args[2]).normalize() : dslYaml;
        boolean fine = false;
        try {
            Command command = new Command(own(path, dslYaml), Command::environment, out);
            fine = args[0].equals("check")
                    ? command.check(path)
                    : command.tryOut(path, Path.of(args[3]), args.length > 4 ? args[4] : null);
        } catch (IllegalArgumentException e) {
            out.println(e.getMessage());
        } catch (NoSuchFileException e) {
            out.println("there is no " + e.getMessage());
        }
        System.exit(fine ? 0 : 1);
    }

    /** The Kamelets above a path, where it has any of its own. */
    private static Path own(Path path, Path otherwise) {
        for (Path folder = path.toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve("kamelets"))) {
                return folder;
            }
        }
        return otherwise;
    }

    private static @Nullable String environment(String name) {
        return System.getenv(name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"));
    }

    /**
     * Says what is wrong with files, a line each: {@code FILE:LINE: REASON}.
     *
     * @param path a folder with {@code routes/<service>/} or {@code examples/<service>/}, one of these, or a file in one
     * @return whether nothing is
     */
    boolean check(Path path) throws IOException {
        int wrong = tell(dslYaml, new Kamelets(dslYaml.resolve("kamelets")).wrong());
        int files = 0;
        if (path.toString().endsWith(ROUTES)) {
            files++;
            wrong += checkFile(path);
        } else {
            for (Path folder : folders(path)) {
                if (!isOfService(folder)) {
                    wrong += tell(parent(folder), List.of(new Refusal(name(folder), 1, "it " + NO_SERVICE)));
                    continue;
                }
                Folder found = Folder.read(folder);
                files += found.texts().size() + found.wrong().size();
                if (parent(folder).endsWith("examples")) {
                    wrong += tell(folder, found.wrong());
                    for (String name : found.texts().keySet()) {
                        wrong += checkFile(folder.resolve(name));
                    }
                } else {
                    Terms terms = terms(folder);
                    int refused = tell(folder, Check.of(terms, found));
                    wrong += refused > 0 ? refused : tell(folder, new Examples(terms).wrong(folder, null));
                }
            }
        }
        if (files == 0) {
            out.println("there is no file of routes in " + path + "; it may be a file *" + ROUTES
                    + ", a folder named as a service, or one with routes/<service>/ or examples/<service>/");
            return false;
        }
        out.println(files + (files == 1 ? " file, " : " files, ") + (wrong == 0 ? "nothing wrong" : wrong + " wrong"));
        return wrong == 0;
    }

    /** Examples stand in each other's place, so each is looked at by itself. */
    private int checkFile(Path file) throws IOException {
        Path folder = parent(file);
        Terms terms = terms(folder);
        int wrong = tell(folder, Check.of(terms, Folder.of(file)));
        return wrong > 0
                ? wrong
                : tell(
                        folder,
                        new Examples(terms).wrong(folder, file.getFileName().toString()));
    }

    private Terms terms(Path folder) {
        return Terms.of(service(folder), dslYaml.resolve("kamelets"), settings, granted);
    }

    private int tell(Path folder, List<Refusal> refusals) {
        refusals.forEach(refusal -> out.println(folder.resolve(refusal.file())
                + refusal.toString().substring(refusal.file().length())));
        return refusals.size();
    }

    /**
     * Shows what a route would make of an event, step by step.
     *
     * @param route its id; null where the file has one
     * @return whether the route did not fail
     */
    boolean tryOut(Path file, Path event, @Nullable String route) throws IOException {
        JsonNode message = Json.read(Files.readString(event), JsonNode.class);
        try (Trial trial = new Trial(terms(parent(file)), file, List.of())) {
            Trial.Outcome outcome = trial.send(route, message, Map.of());
            outcome.steps().forEach(out::println);
            out.println(
                    outcome.failure() == null
                            ? "done: " + outcome.body()
                            : "failed: " + outcome.failure().getMessage());
            return outcome.failure() == null;
        }
    }

    private static List<Path> folders(Path path) throws IOException {
        if (isOfService(path)) {
            return List.of(path);
        }
        List<Path> folders = new ArrayList<>();
        for (String place : PLACES) {
            if (Files.isDirectory(path.resolve(place))) {
                try (Stream<Path> found = Files.list(path.resolve(place))) {
                    found.filter(folder ->
                                    Files.isDirectory(folder) && !name(folder).startsWith("."))
                            .sorted()
                            .forEach(folders::add);
                }
            }
        }
        return folders;
    }

    private static boolean isOfService(Path folder) {
        return Offer.services().contains(name(folder));
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a folder above");
    }

    private static String service(Path folder) {
        if (!isOfService(folder)) {
            throw new IllegalArgumentException(folder + " " + NO_SERVICE);
        }
        return name(folder);
    }
}
