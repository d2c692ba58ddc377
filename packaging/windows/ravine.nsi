; The installer for Windows: for one user, without administrator's rights. Built by `dev.py package` with
;   makensis -DVERSION=1.2.3 -DFILES=folder\* -DICON=file -DOUT=file ravine.nsi

Unicode true
!include "MUI2.nsh"
!include "FileFunc.nsh"

!ifndef VERSION | FILES | ICON | OUT
  !error "VERSION, FILES, ICON and OUT have to be given with -D"
!endif

!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Ravine"
!define CLASS "Ravine.Experiment"

Name "Ravine"
OutFile "${OUT}"
RequestExecutionLevel user
InstallDir "$LOCALAPPDATA\Programs\Ravine"
InstallDirRegKey HKCU "Software\Ravine" "Folder"
SetCompressor /SOLID lzma
ManifestDPIAware true
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Ravine"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Installer of Ravine, a workbench for neural networks"
VIAddVersionKey "LegalCopyright" "The Ravine authors, MIT licence"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_FINISHPAGE_RUN "$INSTDIR\ravine.exe"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"

Section "Ravine"
  ; What an older version left and a newer one has no more must not be found by Python: it goes first.
  RMDir /r "$INSTDIR\_internal"
  SetOutPath "$INSTDIR"
  File /r "${FILES}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  WriteRegStr HKCU "Software\Ravine" "Folder" "$INSTDIR"

  CreateShortcut "$SMPROGRAMS\Ravine.lnk" "$INSTDIR\ravine.exe" "" "$INSTDIR\ravine.exe" 0

  ; Windows knows files by what stands after the last dot, so Ravine offers itself for .toml and takes it from
  ; no other program.
  WriteRegStr HKCU "Software\Classes\${CLASS}" "" "Ravine experiment"
  WriteRegStr HKCU "Software\Classes\${CLASS}\DefaultIcon" "" "$INSTDIR\ravine.exe,0"
  WriteRegStr HKCU "Software\Classes\${CLASS}\shell\open\command" "" '"$INSTDIR\ravine.exe" "%1"'
  WriteRegStr HKCU "Software\Classes\.toml\OpenWithProgids" "${CLASS}" ""
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'

  ${GetSize} "$INSTDIR" "/S=0K" $0 $1 $2
  WriteRegStr HKCU "${KEY}" "DisplayName" "Ravine"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "DisplayIcon" "$INSTDIR\ravine.exe"
  WriteRegStr HKCU "${KEY}" "Publisher" "The Ravine authors"
  WriteRegStr HKCU "${KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${KEY}" "EstimatedSize" $0
  WriteRegDWORD HKCU "${KEY}" "NoModify" 1
  WriteRegDWORD HKCU "${KEY}" "NoRepair" 1
SectionEnd

; Runs and settings lie in the user's own folders; nothing here touches them. Only what was installed is removed,
; by name: a person may have chosen a folder that holds other things.
Section "Uninstall"
  RMDir /r "$INSTDIR\_internal"
  Delete "$INSTDIR\ravine.exe"
  Delete "$INSTDIR\ravine-engine.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Ravine.lnk"
  DeleteRegValue HKCU "Software\Classes\.toml\OpenWithProgids" "${CLASS}"
  DeleteRegKey HKCU "Software\Classes\${CLASS}"
  DeleteRegKey HKCU "Software\Ravine"
  DeleteRegKey HKCU "${KEY}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
