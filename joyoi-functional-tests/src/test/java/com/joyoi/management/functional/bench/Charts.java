package com.joyoi.management.functional.bench;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.util.Locale;
import java.util.Map;
import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.DatasetRenderingOrder;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.LineAndShapeRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.Range;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.general.DatasetUtils;
import org.jfree.svg.SVGGraphics2D;
import org.jspecify.annotations.Nullable;

/** Results as SVG, in which a browser draws texts in a font of its own. */
final class Charts {
  private static final int WIDTH = 900;
  private static final int ROW_HEIGHT = 34;
  private static final int FRAME_HEIGHT = 130;
  private static final double SMALLEST = 1e-6;
  private static final Color OURS = new Color(0x2f, 0x6f, 0xb3);
  private static final Color REFERENCE = new Color(0xb8, 0xbf, 0xc7);
  private static final Color AIM = new Color(0xd9, 0x82, 0x1b);

  private final Map<Row, Result> results;

  Charts(Map<Row, Result> results) {
    this.results = results;
  }

  /** Writes {@code goals.svg} and {@code times.svg}. */
  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("goals.svg"), goals());
    Files.writeString(folder.resolve("times.svg"), times());
  }

  /** How far each row is from what it must reach, and where its aim is. */
  private String goals() {
    var distances = new DefaultCategoryDataset();
    var aims = new DefaultCategoryDataset();
    results.forEach(
        (row, result) -> {
          if (result.failure() == null) {
            distances.addValue(row.goal().distance(result.value()), "measured", row.name());
            aims.addValue(row.goal().distanceOfAim(), "aim", row.name());
          }
        });
    var chart =
        bars(
            "Distance from what must be reached",
            "1 is there; shorter is better, whatever the row measures",
            distances);
    var plot = chart.getCategoryPlot();
    fit(plot, DatasetUtils.findRangeBounds(aims));
    plot.setDataset(1, aims);
    var points = new LineAndShapeRenderer(false, true);
    points.setSeriesPaint(0, AIM);
    plot.setRenderer(1, points);
    plot.setDatasetRenderingOrder(DatasetRenderingOrder.FORWARD);
    plot.addRangeMarker(new ValueMarker(1, Color.BLACK, new BasicStroke(1.5f)));
    return svg(chart, distances.getColumnCount());
  }

  /** Of the rows that are about a time: ours and the reference. */
  private String times() {
    var times = new DefaultCategoryDataset();
    results.forEach(
        (row, result) -> {
          if (result.failure() == null && row.unit().equals("ms")) {
            times.addValue(result.ours(), "ours", row.name());
            if (result.reference() != null) {
              times.addValue(result.reference(), "reference", row.name());
            }
          }
        });
    return svg(bars("Times", "milliseconds", times), times.getColumnCount());
  }

  private static JFreeChart bars(String title, String axis, DefaultCategoryDataset values) {
    var chart =
        ChartFactory.createBarChart(
            title, null, axis, values, PlotOrientation.HORIZONTAL, true, false, false);
    chart.setBackgroundPaint(Color.WHITE);
    chart.getTitle().setFont(font(Font.BOLD, 16));
    CategoryPlot plot = chart.getCategoryPlot();
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(Color.LIGHT_GRAY);
    plot.getDomainAxis().setTickLabelFont(font(Font.PLAIN, 13));
    var range = new LogAxis(axis);
    range.setLabelFont(font(Font.PLAIN, 12));
    range.setTickLabelFont(font(Font.PLAIN, 12));
    range.setNumberFormatOverride(NumberFormat.getInstance(Locale.ROOT));
    range.setSmallestValue(SMALLEST);
    // Of the exponent: a label at each power of ten, and lines between them.
    range.setTickUnit(new NumberTickUnit(1));
    range.setMinorTickCount(9);
    plot.setRangeMinorGridlinesVisible(true);
    plot.setRangeMinorGridlinePaint(new Color(0xee, 0xee, 0xee));
    plot.setRangeAxis(range);
    var renderer = (BarRenderer) plot.getRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setMaximumBarWidth(0.05);
    renderer.setSeriesPaint(0, OURS);
    renderer.setSeriesPaint(1, REFERENCE);
    fit(plot, null);
    return chart;
  }

  /** From a power of ten below all values: a logarithmic axis has no zero at which bars begin. */
  private static void fit(CategoryPlot plot, @Nullable Range others) {
    var bounds = Range.combine(DatasetUtils.findRangeBounds(plot.getDataset(), false), others);
    if (bounds != null) {
      double begin = Math.pow(10, Math.floor(Math.log10(bounds.getLowerBound()) - 0.01));
      ((BarRenderer) plot.getRenderer()).setBase(begin);
      plot.getRangeAxis().setRange(begin, bounds.getUpperBound() * 1.3);
    }
  }

  private static Font font(int style, int size) {
    return new Font(Font.SANS_SERIF, style, size);
  }

  private static String svg(JFreeChart chart, int rows) {
    int height = FRAME_HEIGHT + ROW_HEIGHT * rows;
    var svg = new SVGGraphics2D(WIDTH, height);
    // Else it takes the time of day, and every chart is a change.
    svg.setDefsKeyPrefix("chart");
    chart.draw(svg, new Rectangle(WIDTH, height));
    return svg.getSVGDocument();
  }
}
