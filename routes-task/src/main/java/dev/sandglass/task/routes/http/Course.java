package dev.sandglass.task.routes.http;

import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a call is. It ends when its route has ended: as the answer is made, or as it fails. A client that hangs up ends only what has
 * not begun, since a route goes on for nobody as it would for somebody.
 */
final class Course {
    private static final String KEY = "sandglass.course";

    private final List<Runnable> ends = new ArrayList<>();
    private boolean begun;
    private boolean over;

    private Course() {}

    static Course of(RoutingContext call) {
        Course known = call.get(KEY);
        if (known != null) {
            return known;
        }
        Course course = new Course();
        call.put(KEY, course);
        // It comes for an answer that nobody is there to get, too.
        call.addHeadersEndHandler(answer -> course.end());
        call.addEndHandler(gone -> course.leave());
        if (call.response().closed()) {
            // The client went away while its token was looked up: nobody tells of that any more.
            course.leave();
        }
        return course;
    }

    /** The first to handle failures: those after it may leave a call unanswered whose client is gone. */
    static void failed(RoutingContext call) {
        Course course = call.get(KEY);
        if (course != null) {
            course.end();
        }
        call.next();
    }

    synchronized void begin() {
        begun = true;
    }

    /** @param end runs once, on whichever thread ends the call */
    void atEnd(Runnable end) {
        synchronized (this) {
            if (!over) {
                ends.add(end);
                return;
            }
        }
        end.run();
    }

    private void leave() {
        synchronized (this) {
            if (begun) {
                return;
            }
        }
        end();
    }

    private void end() {
        List<Runnable> due;
        synchronized (this) {
            over = true;
            due = List.copyOf(ends);
            ends.clear();
        }
        due.forEach(Runnable::run);
    }
}
