package dev.sandglass.task.domain.dav;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The question of a PROPFIND or a REPORT. */
public sealed interface DavQuestion {
    /** Hrefs of a multiget. */
    int MOST = 1_000;

    Wanted wanted();

    /** @param members whether it asks for what is directly below too */
    record Properties(Wanted wanted, boolean members) implements DavQuestion {}

    record Query(Wanted wanted, TodoFilter filter) implements DavQuestion {}

    record Named(Wanted wanted, List<String> hrefs) implements DavQuestion {}

    /**
     * @param token of what the client has; empty: it has nothing
     * @param most how many it takes
     */
    record Since(Wanted wanted, String token, int most) implements DavQuestion {}

    /** @throws Rejection where it is none that can be answered */
    static DavQuestion of(String method, @Nullable String depth, String body) {
        Optional<Element> asked = Element.read(body);
        if (method.equals("PROPFIND")) {
            if (depth == null || depth.equalsIgnoreCase("infinity")) {
                throw DavRefused.because(DavNames.FINITE_DEPTH, "Ask with Depth: 0 or 1");
            }
            if (!depth.equals("0") && !depth.equals("1")) {
                throw Element.unreadable("Depth is 0 or 1");
            }
            return new Properties(Wanted.of(asked), depth.equals("1"));
        }
        Element report = asked.orElseThrow(() -> Element.unreadable("A REPORT needs a body"));
        Wanted wanted = Wanted.in(report);
        if (report.is(DavNames.QUERY)) {
            return new Query(wanted, TodoFilter.of(report.child(DavNames.FILTER)));
        }
        if (report.is(DavNames.MULTIGET)) {
            List<String> hrefs =
                    report.children(DavNames.HREF).map(Element::said).toList();
            if (hrefs.size() > MOST) {
                throw DavRefused.because(DavNames.WITHIN_LIMITS, "Ask for " + MOST + " at once, not more");
            }
            return new Named(wanted, hrefs);
        }
        if (report.is(DavNames.SYNC)) {
            String token = report.child(DavNames.SYNC_TOKEN).map(Element::said).orElse("");
            return new Since(wanted, token, most(report));
        }
        throw DavRefused.because(DavNames.SUPPORTED_REPORT, "There is no such report here");
    }

    private static int most(Element sync) {
        String most = sync.child(DavNames.LIMIT)
                .flatMap(limit -> limit.child(DavNames.MOST_RESULTS))
                .map(Element::said)
                .orElse("");
        if (most.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        if (!most.matches("[1-9]\\d{0,8}")) {
            throw new Rejection(Reason.UNREADABLE, "nresults is a number");
        }
        return Integer.parseInt(most);
    }
}
