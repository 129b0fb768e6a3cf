namespace Pbt.Storage.Tests;

/// <summary>An empty study directory that is removed with the test.</summary>
public sealed class TemporaryStudy : IDisposable
{
    public TemporaryStudy() => Directory = new StudyDirectory(System.IO.Directory.CreateTempSubdirectory("pbt-test-").FullName);

    public StudyDirectory Directory { get; }

    public string Journal => Directory.Journal;

    public void Dispose() => System.IO.Directory.Delete(Directory.Root, recursive: true);
}
