package dev.nstm.apps.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
    @TempDir
    private Path directory;

    private JsonNode written(ReportPage page) throws Exception {
        Path file = directory.resolve("report.html");
        page.write(file);
        String text = Files.readString(file);
        int start = text.indexOf("type=\"application/json\">") + 24;
        return new ObjectMapper().readTree(text.substring(start, text.indexOf("</script>", start)));
    }

    private static ReportPage page() {
        ReportPage page = new ReportPage(40, 40, 1, "px", "a </script> in the summary", "");
        page.curves(new double[] {-1, 1}, new double[] {-1, 1}, new double[] {1});
        return page;
    }

    /** Two pixels in the first rows. */
    private static float[] moved(int rows) {
        float[] moved = new float[1600];
        Arrays.fill(moved, 0, 40 * rows, 2);
        return moved;
    }

    /** A truth without contrast has no PSNR; JSON knows no infinity. */
    @Test
    void anUndefinedPsnrIsNull() throws Exception {
        ReportPage page = page();
        page.view(new View("phase", View.Role.MODEL, "phase", "rad", "grey", List.of(new byte[1600]), new Shades(0, 1))
                .ratedShots(Optional.of(new double[] {Double.NEGATIVE_INFINITY, 30})));
        page.motion(2, 0.3, (time, axis) -> moved(0));
        JsonNode psnr = written(page).get("views").get(0).get("psnr");
        assertTrue(psnr.get(0).isNull());
        assertEquals(30, psnr.get(1).asDouble());
    }

    @Test
    void aFewPlacesThatSeemToMoveAreNoMotion() throws Exception {
        ReportPage page = page();
        page.motion(2, 0.3, (time, axis) -> moved(time * 4));
        JsonNode few = written(page).get("motion");
        assertTrue(few.get("still").asBoolean());
        assertEquals(0, few.get("rows").asInt());
        ReportPage moving = page();
        moving.motion(2, 0.3, (time, axis) -> moved(time * 8));
        JsonNode many = written(moving).get("motion");
        assertTrue(many.get("rows").asInt() > 0);
        assertEquals(Math.hypot(2, 2), many.get("largest").asDouble(), 1e-6);
    }
}
