using System.Text;

namespace AkkaStream.Cli;

/// <summary>Rows with columns as Kafka's tools print them: each at least so wide, wider where a value needs it, the last one as it is.</summary>
sealed class Columns
{
    readonly List<(string Title, int Width, bool Grows)> _columns = [];
    readonly List<string[]> _rows = [];

    /// <summary>A column that keeps its width, whatever stands in it.</summary>
    public Columns Fixed(string title, int width)
    {
        _columns.Add((title, width, false));
        return this;
    }

    public Columns Growing(string title, int least)
    {
        _columns.Add((title, least, true));
        return this;
    }

    public void Add(params string[] row) => _rows.Add(row);

    public int Rows => _rows.Count;

    public void Write(TextWriter to)
    {
        int[] widths = [.. _columns.Select((c, i) => c.Grows && _rows.Count > 0 ? Math.Max(c.Width, _rows.Max(r => r[i].Length)) : c.Width)];
        WriteRow(to, widths, [.. _columns.Select(c => c.Title)]);
        foreach (var row in _rows) WriteRow(to, widths, row);
    }

    static void WriteRow(TextWriter to, int[] widths, string[] row)
    {
        var line = new StringBuilder();
        for (int i = 0; i < row.Length; i++)
        {
            if (i > 0) line.Append(' ');
            line.Append(row[i].PadRight(widths[i]));
        }
        to.WriteLine(line.ToString());
    }
}
