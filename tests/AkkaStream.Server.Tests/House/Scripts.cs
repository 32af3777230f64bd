using System.Diagnostics;

namespace AkkaStream.Server.Tests.House;

/// <summary>The scripts of the repository, as far as they can be tried without building.</summary>
public sealed class Scripts : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("akkastream-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public static TheoryData<string> Files =>
    [
        "akkastream", "dev", "tests/install", ".ci/run",
        .. Directory.GetFiles(Path.Combine(Checkout.Root, "bin"), "*.sh").Select(path => Path.GetRelativePath(Checkout.Root, path)).Order(),
    ];

    static (int Code, string Output, string Errors) Run(string program, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(program, words)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        })!;
        string errors = process.StandardError.ReadToEnd(), output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_script_is_understood_by_the_shell_and_may_be_run(string path)
    {
        string full = Path.Combine(Checkout.Root, path);

        Assert.Equal((0, "", ""), Run("bash", "-n", full));
        Assert.StartsWith("#!/usr/bin/env bash\n", File.ReadAllText(full));
        Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(full) & UnixFileMode.UserExecute) != 0, $"{path} cannot be run");
    }

    /// <summary>A copy of the wrapper in a tree that looks built, with a program that tells how it was called.</summary>
    string Built()
    {
        string root = Path.Combine(_directory, "tree with blanks"), app = Path.Combine(root, "artifacts", "app");
        Directory.CreateDirectory(Path.Combine(root, "src"));
        Directory.CreateDirectory(Path.Combine(root, "bin"));
        Directory.CreateDirectory(app);
        foreach (string file in new[] { "Directory.Build.props", "Directory.Packages.props", "global.json" }) File.WriteAllText(Path.Combine(root, file), "");
        foreach (string file in new[] { "akkastream", "bin/kafka-storage.sh", "bin/kafka-server-start.sh" })
        {
            File.Copy(Path.Combine(Checkout.Root, file), Path.Combine(root, file));
        }
        string program = Path.Combine(app, "akkastream");
        File.WriteAllText(program, "#!/usr/bin/env bash\nprintf '[%s]' \"$@\"\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.WriteAllText(Path.Combine(app, ".built"), "");
        File.SetLastWriteTimeUtc(Path.Combine(app, ".built"), DateTime.UnixEpoch.AddYears(100));
        return root;
    }

    [Fact]
    public void The_wrapper_runs_what_is_built_and_hands_every_word_on()
    {
        Assert.Equal((0, "[server][my config.conf][--override][a=b c]", ""),
            Run(Path.Combine(Built(), "akkastream"), "server", "my config.conf", "--override", "a=b c"));
    }

    [Fact]
    public void The_wrapper_finds_its_tree_through_links_from_anywhere()
    {
        string root = Built(), elsewhere = Path.Combine(_directory, "elsewhere");
        Directory.CreateDirectory(elsewhere);
        File.CreateSymbolicLink(Path.Combine(elsewhere, "first"), Path.Combine("..", "tree with blanks", "akkastream"));
        File.CreateSymbolicLink(Path.Combine(_directory, "second"), Path.Combine(elsewhere, "first"));
        File.CreateSymbolicLink(Path.Combine(_directory, "storage"), Path.Combine(root, "bin", "kafka-storage.sh"));

        Assert.Equal((0, "[version]", ""), Run(Path.Combine(_directory, "second"), "version"));
        Assert.Equal((0, "[storage][random-uuid]", ""), Run(Path.Combine(_directory, "storage"), "random-uuid"));
    }

    [Fact]
    public void Kafkas_start_script_hands_configuration_and_overrides_on()
    {
        string script = Path.Combine(Built(), "bin", "kafka-server-start.sh");

        Assert.Equal((0, "[server][x.properties][--override][node.id=3]", ""), Run(script, "x.properties", "--override", "node.id=3"));
        Assert.Equal(1, Run(script).Code);
    }
}
