using Pbt.Core.Studies;

namespace Pbt.Storage.FileSystem;

/// <summary>Keeps what pbt does below a study's directory below it.</summary>
/// <remarks>
/// Whoever may write into the directory, a trainer for one, can put a symbolic link in the place of a directory of pbt's.
/// Nothing is written, moved or deleted through one. The look comes before the deed: it does not stop a program that
/// exchanges the two at the right moment. Stateless.
/// </remarks>
public static class StudyTree
{
    /// <summary>Refuses a directory that is not, at each step from the study's own down, a directory or still missing.</summary>
    /// <param name="study">The study; its own directory may be a link, since the user names it.</param>
    /// <param name="directory">The directory itself or one below it.</param>
    /// <exception cref="DamagedStoreException">A step is something else, or the directory is outside.</exception>
    public static void Require(StudyDirectory study, string directory)
    {
        var relative = Path.GetRelativePath(study.Root, directory);
        if (relative is ".")
            return;

        var path = study.Root;
        foreach (var part in relative.Split(Path.DirectorySeparatorChar))
        {
            if (part is ".." || Path.IsPathRooted(relative))
                throw new DamagedStoreException($"{directory} is not below the study's directory {study.Root}: nothing was done with it.");

            path = Path.Combine(path, part);
            if (FileKinds.Of(path) is not (FileKind.Directory or FileKind.Missing) and var found)
            {
                throw new DamagedStoreException(
                    $"{path} is {FileKinds.Describe(found)} where pbt keeps a directory; inside a study it follows no links, so that none can lead it elsewhere. " +
                    "Remove it, or put the directory itself in its place. To keep a study on another disk, have its whole directory there (--dir).");
            }
        }
    }

    /// <summary>Makes a directory below the study's, after <see cref="Require"/>.</summary>
    /// <exception cref="DamagedStoreException">A step is no directory.</exception>
    /// <exception cref="IOException">It could not be made.</exception>
    public static void Make(StudyDirectory study, string directory)
    {
        Require(study, directory);
        Directory.CreateDirectory(directory);
    }

    /// <summary>Deletes a directory with all that is in it, links themselves and never what they lead to; nothing if it is missing.</summary>
    /// <exception cref="IOException">It could not be deleted.</exception>
    public static void Delete(string path)
    {
        try
        {
            switch (FileKinds.Of(path))
            {
                case FileKind.Missing:
                    break;
                case FileKind.Link or FileKind.File or FileKind.Special:
                    File.Delete(path);
                    break;
                default:
                    Directory.Delete(path, recursive: true);
                    break;
            }
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else has removed it, which is as good.
        }
    }
}
