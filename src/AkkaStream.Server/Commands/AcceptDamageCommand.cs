using System.Globalization;
using AkkaStream.Log.Files;
using AkkaStream.Log.Recovery;

namespace AkkaStream.Server.Commands;

/// <summary>
/// "akkastream accept-damage": tells what would be lost if a partition that is offline for damaged files were cut where they are damaged, and
/// with the word of somebody who wants that has it done. Works beside a running broker and without one.
/// </summary>
static class AcceptDamageCommand
{
    const int Done = 0, Refused = 1, Misused = 2;

    const string Usage = """
        usage: akkastream accept-damage FOLDER [--confirm]

        A partition whose files are damaged in the middle stays offline (KAFKA_STORAGE_ERROR), and its files are left as they
        are. FOLDER is the partition's folder, as the line in the broker's log names it. Tells what would be lost if the log
        ended before the damage; nothing is changed. If you have a backup or another replica, that is the better cure.

          --confirm   the damaged part and everything behind it is dropped: within half a minute where the broker runs, else
                      when it starts

        """;

    public static int Run(string[] words, TextWriter output, TextWriter errors)
    {
        if (words is ["--help" or "-h" or "help"])
        {
            output.Write(Usage);
            return Done;
        }
        string[] folders = [.. words.Where(word => word != "--confirm")];
        if (folders is not [var folder] || folder.StartsWith('-'))
        {
            errors.WriteLine($"akkastream accept-damage: {(folders.Length == 0 ? "which folder?" : $"'{folders[^1]}' is too much")}");
            errors.Write(Usage);
            return Misused;
        }
        try
        {
            return Run(Path.GetFullPath(folder), words.Contains("--confirm"), output, errors);
        }
        catch (IOException e)
        {
            return Refuse(errors, e.Message);
        }
    }

    static int Run(string folder, bool confirms, TextWriter output, TextWriter errors)
    {
        var files = new OsFiles();
        if (!files.DirectoryExists(folder)) return Refuse(errors, $"there is no folder {folder}");
        if (DamageSurvey.Of(files, folder) is not { } survey)
            return Refuse(errors, $"{folder} is not known to be damaged: a broker leaves word there when it could not open the log");
        Tell(folder, survey, output);
        if (!confirms)
        {
            output.WriteLine("Nothing was changed. To drop this, call it again with --confirm.");
            return Done;
        }
        survey.Accept();
        output.WriteLine("It is dropped within half a minute where the broker runs, else when it starts.");
        return Done;
    }

    static void Tell(string folder, DamageSurvey survey, TextWriter output)
    {
        output.WriteLine($"{folder} could not be opened:");
        output.WriteLine($"  {Path.GetFileName(survey.File)}, byte {survey.Position}: {survey.Problem}");
        string kept = survey.From.Value == 0 ? "No record stays." : $"Records below offset {survey.From} stay.";
        output.WriteLine($"{kept} These would be lost:");
        output.WriteLine($"  {survey.Bytes} bytes in {survey.Segments} segments");
        output.WriteLine(survey.GoodBatches == 0
            ? "  no record that can be read"
            : $"  {survey.GoodRecords} records that can be read, in {survey.GoodBatches} batches, offsets {survey.FirstGood} to {survey.LastGood}"
                + (survey.LatestMs < 0 ? "" : $", of {TimeOf(survey.EarliestMs)} to {TimeOf(survey.LatestMs)}"));
        output.WriteLine($"  {survey.BadBytes} bytes that cannot, in {survey.BadStretches} places");
    }

    static string TimeOf(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(ms, 253_402_300_799_999)).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    static int Refuse(TextWriter errors, string text)
    {
        errors.WriteLine($"akkastream accept-damage: {text}");
        return Refused;
    }
}
