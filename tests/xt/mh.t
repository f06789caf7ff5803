: filter OUTPUT,INPUT,FORWARD
6 -p mh                               ; -p mobility-header ; OK
6 -p mh -m mh                         ; -p mobility-header -m mh ; OK
    proto=135 hex=3b0005000000        ; yes
    proto=135 hex=3b0005000000 path=input ; yes
    proto=135 hex=3b0005000000 path=forward ; yes
    proto=135 hex=3b00050000          ; hotdrop     # six bytes are needed
    proto=135                         ; hotdrop
    proto=135 hex=3b00050000 path=input ; hotdrop
    proto=135 hex=3b00050000 path=forward ; hotdrop
    proto=135 hex=060005000000        ; hotdrop     # nothing may follow
    proto=135 hex=3a0005000000 path=forward ; hotdrop
    udp                               ; no
    mf proto=135 hex=3b0005000000     ; yes
    mf proto=135 hex=3b00050000       ; hotdrop
    frag=1 proto=135 hex=3b0005000000 ; no
    frag=1 proto=135                  ; no
    dst-opts=24 proto=135 hex=3b0005000000 ; yes
    dst-opts=24 proto=135 hex=3b00050000 ; hotdrop
6 -p mh -m mh --mh-type 5             ; -p mobility-header -m mh --mh-type 5 ; OK
    proto=135 hex=3b0005000000        ; yes
    proto=135 hex=3b0004000000        ; no
    proto=135 hex=3b0006000000        ; no
    proto=135 hex=3a0006000000        ; hotdrop     # before the type is looked at
    frag=2 proto=135 hex=3b0005000000 ; no
6 -p mh -m mh ! --mh-type 5           ; -p mobility-header -m mh ! --mh-type 5 ; OK
    proto=135 hex=3b0005000000        ; no
    proto=135 hex=3b0004000000        ; yes
    frag=2 proto=135 hex=3b0004000000 ; no          # outside the inversion
    proto=135 hex=3a0005000000        ; hotdrop
6 -p mh -m mh --mh-type 4:123         ; -p mobility-header -m mh --mh-type 4:123 ; OK
    proto=135 hex=3b0003000000        ; no
    proto=135 hex=3b0004000000        ; yes
    proto=135 hex=3b007b000000        ; yes
    proto=135 hex=3b007c000000        ; no
6 -p mh -m mh ! --mh-type 4:123       ; -p mobility-header -m mh ! --mh-type 4:123 ; OK
    proto=135 hex=3b0003000000        ; yes
    proto=135 hex=3b0004000000        ; no
    proto=135 hex=3b00ff000000        ; yes
6 -p mh -m mh --mh-type brr:be        ; -p mobility-header -m mh --mh-type 0:7 ; OK
6 -p mh -m mh ! --mh-type 0:255       ; -p mobility-header -m mh ; OK    # never true; the text cannot say it
    proto=135 hex=3b0005000000        ; no
    proto=135 hex=3b00050000          ; hotdrop
6 -p mh --mh-type binding-update      ; -p mobility-header -m mh --mh-type 5 ; OK
6 patch 0 09 03                       ; -p mobility-header -m mh --mh-type 9:3 ; OK
    proto=135 hex=3b0005000000        ; no
6 patch 0 09 03 01                    ; -p mobility-header -m mh ! --mh-type 9:3 ; OK
    proto=135 hex=3b0005000000        ; yes
6 patch 2 02                          ;   ; FAIL invflags 0x2
6 -p mh -m mh --mh-type 9:3           ;   ; FAIL min > max
6 -p mh -m mh --mh-type 256           ;   ; FAIL Invalid MH type
6 -m mh --mh-type 1                   ;   ; FAIL Invalid argument
6 ! -p mh -m mh                       ;   ; FAIL Invalid argument
6 bytes 00 00                         ;   ; FAIL 2 bytes of data, expected 3
