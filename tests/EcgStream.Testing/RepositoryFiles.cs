namespace EcgStream.Testing;

/// <summary>Files of the repository, found above the folder that a test runs in.</summary>
public static class RepositoryFiles
{
    /// <summary>The repository's root.</summary>
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "EcgStream.sln")))
                {
                    return folder.FullName;
                }
            }

            throw new DirectoryNotFoundException("EcgStream.sln was not found above the test's folder.");
        }
    }

    public static string Find(string path) => Path.Combine(Root, path);
}
